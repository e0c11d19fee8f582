import { stageNames } from '../verdict.ts';
import { percent } from './feedback.ts';
import type { Graded } from './graded.ts';
import { asMarkdown } from './markdown.ts';

/** What a teacher says on Monday: how many pass each stage, who made which mistake, and whose programs are the same. */
export function classReport(all: readonly Graded[]): string {
  const judged = all.filter(({ reason }) => reason === null);
  const lines = [`# ${all.length} ${all.length === 1 ? 'submission' : 'submissions'}`, ''];
  lines.push(`${all.filter(({ passed }) => passed).length} passed.`);

  const stages = stageNames.flatMap(name => {
    const verdicts = judged.flatMap(({ stages }) => stages.find(stage => stage.name === name) ?? []);
    return verdicts.length === 0 ? [] : [{ name, verdicts }];
  });
  if (stages.length > 0) {
    const base = judged.length === all.length ? `all ${all.length}` : `the ${judged.length} that could be judged`;
    lines.push(
      '',
      '## Stages',
      '',
      `Of ${base}:`,
      '',
      '| stage | passed | failed | waiting or missing |',
      '|---|--:|--:|--:|',
    );
    for (const { name, verdicts } of stages) {
      const passed = verdicts.filter(({ verdict }) => verdict === 'passed').length;
      const failed = verdicts.filter(({ verdict }) => verdict === 'failed').length;
      const rest = verdicts.length - passed - failed;
      const fewer = verdicts.length === judged.length ? '' : ` (of ${verdicts.length})`;
      lines.push(`| \`${name}\`${fewer} | ${percent(passed / verdicts.length)} | ${failed} | ${rest} |`);
    }
  }

  const mistakes = mistakesIn(judged);
  if (mistakes.length > 0) lines.push('', '## Mistakes, the most frequent first');
  for (const { mistake, stage, says, who } of mistakes) {
    lines.push(
      '',
      `### ${mistake === null ? `\`${stage}\`, not explained` : `\`${mistake}\` in \`${stage}\``}: ${who.length}`,
      '',
    );
    lines.push(
      `${who.map(asMarkdown).join(', ')}. ${mistake === null ? '' : `For example: ${asMarkdown(says)}`}`.trim(),
    );
  }

  const copies = identicalIn(judged);
  if (copies.length > 0) {
    lines.push('', '## The same wrong program, but for names and white space', '');
    for (const who of copies) lines.push(`- ${who.map(asMarkdown).join(', ')}`);
  }

  const others = all.filter(({ reason }) => reason !== null);
  if (others.length > 0) {
    lines.push('', '## Not judged', '');
    for (const { submission, reason } of others) lines.push(`- ${asMarkdown(submission)}: ${asMarkdown(reason!)}`);
  }
  return `${lines.join('\n')}\n`;
}

interface Made {
  readonly mistake: string | null;
  readonly stage: string;
  /** What was said of it the first time. */
  readonly says: string;
  readonly who: string[];
}

/** By mistake and stage; those that no known mistake explains by the stage. */
export function mistakesIn(all: readonly Graded[]): readonly Made[] {
  const made = new Map<string, Made>();
  for (const { submission, stages } of all) {
    for (const { name, verdict, mistake, says } of stages) {
      if (verdict !== 'failed') continue;
      const key = `${mistake} ${name}`;
      const one = made.get(key) ?? { mistake, stage: name, says, who: [] };
      one.who.push(submission);
      made.set(key, one);
    }
  }
  return [...made.values()].sort((a, b) => b.who.length - a.who.length);
}

/** Groups of two and more whose wrong programs are the same. */
export function identicalIn(all: readonly Graded[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const { submission, program, stages } of all) {
    // a stub that nobody touched is the same as the next one, and no news
    if (program === null || !stages.some(({ verdict }) => verdict === 'failed')) continue;
    groups.set(program, [...(groups.get(program) ?? []), submission]);
  }
  return [...groups.values()].filter(who => who.length > 1).sort((a, b) => b.length - a.length);
}
