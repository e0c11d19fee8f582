import { type Exercise, exercises } from './exercises.ts';
import type { FunctionName } from './protocol.ts';

/** How far a learner is: what is passed, and where they are. A text, to be read by people and kept in git. */
export class Progress {
  readonly passed: Set<FunctionName> = new Set();
  current: FunctionName = exercises[0]!.name;

  /** Reads what can be read: lines of another form, such as git's marks of a conflict, say nothing. */
  static parse(text: string): Progress {
    const progress = new Progress();
    for (const line of text.split('\n')) {
      const [, mark, name] = /^\[(.)\] (\w+)/.exec(line) ?? [];
      const exercise = exercises.find(exercise => exercise.name === name);
      if (exercise === undefined) continue;
      if (mark === 'x') progress.passed.add(exercise.name);
      if (line.includes('<- ')) progress.current = exercise.name;
    }
    return progress;
  }

  toString(): string {
    const lines = exercises.map(({ name, file }) => {
      const line = `[${this.passed.has(name) ? 'x' : ' '}] ${name.padEnd(13)} ${file.padEnd(14)}`;
      return `${line}${name === this.current ? '<- you are here' : ''}`.trimEnd();
    });
    return `The practical, exercise by exercise. \`longhand learn\` in this folder goes on.\n\n${lines.join('\n')}\n`;
  }

  get exercise(): Exercise {
    return exercises.find(({ name }) => name === this.current)!;
  }

  /** The next exercise that is not passed, from here on and then from the beginning; undefined where all are. */
  get next(): Exercise | undefined {
    const here = exercises.indexOf(this.exercise);
    return [...exercises.slice(here + 1), ...exercises.slice(0, here)].find(({ name }) => !this.passed.has(name));
  }

  mark(name: FunctionName, passed: boolean): void {
    if (passed) this.passed.add(name);
    else this.passed.delete(name);
  }
}
