import type { Graded } from './graded.ts';
import { asMarkdown } from './markdown.ts';

const signs = { passed: '✓', failed: '✗', waiting: '·', missing: '·' } as const;

/** What a student is given: each stage, and what is wrong in their own terms. */
export function feedbackOf(graded: Graded): string {
  const { submission, score, stages, reason, passed } = graded;
  const lines = [`# ${asMarkdown(submission)}`, ''];
  if (reason !== null) lines.push(`It could not be judged: ${asMarkdown(reason)}.`);
  else {
    const [points, of] = [sum(stages.map(stage => stage.points)), sum(stages.map(stage => stage.of))];
    lines.push(`${passed ? 'All is right. ' : ''}${rounded(points)} of ${rounded(of)} points, ${percent(score)}.`, '');
    for (const { name, verdict, says, file, line } of stages) {
      const place = file === null ? '' : ` (${asMarkdown(file)}${line === null ? '' : `, line ${line}`})`;
      lines.push(`- ${signs[verdict]} \`${name}\` ${verdict}${says === '' ? '' : `: ${asMarkdown(says)}${place}`}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const rounded = (value: number): string => String(Math.round(value * 100) / 100);

/** `93 %`; only all is a hundred. */
export function percent(share: number): string {
  return `${share >= 1 ? 100 : Math.min(99, Math.round(100 * share))} %`;
}
