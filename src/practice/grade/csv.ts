import { stageNames } from '../verdict.ts';
import type { Graded } from './graded.ts';

/** The results as a table for a spreadsheet, a line for each submission. */
export function csvOf(all: readonly Graded[]): string {
  const stages = stageNames.filter(name => all.some(graded => graded.stages.some(stage => stage.name === name)));
  const head = ['submission', 'student', 'id', 'late', 'passed', 'score', ...stages, 'mistakes', 'reason'];
  const lines = all.map(graded => [
    graded.submission,
    graded.student ?? '',
    graded.id ?? '',
    graded.late ? 'late' : '',
    graded.passed ? 'yes' : 'no',
    graded.score.toFixed(4),
    ...stages.map(name => graded.stages.find(stage => stage.name === name)?.verdict ?? ''),
    graded.stages.flatMap(({ mistake }) => mistake ?? []).join(' '),
    graded.reason ?? '',
  ]);
  return `${[head, ...lines].map(line => line.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** A text that a spreadsheet would take for a formula gets an apostrophe (OWASP, CSV injection). */
function cell(text: string): string {
  const harmless = /^\s*[=+\-@\t\r|%]/.test(text) ? `'${text}` : text;
  return /[",\r\n;']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
