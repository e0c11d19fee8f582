import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ExerciseFile, exerciseFiles, exercises, solutionTextOf, stubOf } from '../src/practice/exercises.ts';
import type { FunctionName } from '../src/practice/protocol.ts';

/** The built command. */
export const command: string = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command with no terminal. */
export function longhand(cwd: string, ...args: string[]): Promise<Outcome> {
  return new Promise(resolve => {
    execFile(process.execPath, [command, ...args], { cwd }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** The four files as they are handed out. */
export function handOut(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const file of exerciseFiles) writeFileSync(join(folder, file), stubOf(file));
}

/** Writes one function in a learner's folder: the solution, edited or not. */
export function write(folder: string, name: FunctionName, edit: (solution: string) => string = text => text): void {
  const file: ExerciseFile = exercises.find(exercise => exercise.name === name)!.file;
  const text = readFileSync(join(folder, file), 'utf8');
  const from = text.indexOf(`export const ${name}:`);
  const to = text.indexOf('\n};\n', from) + '\n};\n'.length;
  const edited = edit(solutionTextOf(name));
  writeFileSync(join(folder, file), text.slice(0, from) + edited + text.slice(to));
}

export function writeAll(folder: string): void {
  for (const { name } of exercises) write(folder, name);
}

/** The line on which a function begins in the file that is handed out. */
export function lineOf(name: FunctionName): number {
  const lines = stubOf(exercises.find(exercise => exercise.name === name)!.file).split('\n');
  return lines.findIndex(line => line.startsWith(`export const ${name}:`)) + 1;
}

/** Puts another value in the place of what a function returns. */
export const returning =
  (value: string): ((solution: string) => string) =>
  solution =>
    solution.replace(/return .*;/, `return ${value};`);
