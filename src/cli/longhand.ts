#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Argument, Command, CommanderError } from 'commander';
import { FileError } from '../platform/file-error.ts';
import { launched } from '../ranks/launcher.ts';
import { LonghandError } from '../tensor/index.ts';
import { InterruptedError } from './interrupt.ts';
import { checkValues } from './values.ts';

const { version, description } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

// A look-up at silent name servers cannot be called off, and the process waits for it when it ends: on Linux ask the
// system to wait a second for each of them instead of ten.
process.env.RES_OPTIONS ??= 'timeout:1 attempts:1';

/** Every command, in the order of the help. Of all that they are made of, only what one of them needs is loaded. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  train: async () => (await import('./train.ts')).trainCommand(),
  sweep: async () => (await import('./sweep.ts')).sweepCommand(),
  lab: async () => (await import('./lab.ts')).labCommand(),
  predict: async () => (await import('./predict.ts')).predictCommand(),
  compare: async () => (await import('./compare.ts')).compareCommand(),
  export: async () => (await import('./export.ts')).exportCommand(),
  grade: async () => (await import('./grade.ts')).gradeCommand(),
  data: async () => (await import('./data.ts')).dataCommand(),
  learn: async () => (await import('./learn.ts')).learnCommand(),
  check: async () => (await import('./check.ts')).checkCommand(),
  explain: async () => (await import('./explain.ts')).explainCommand(),
};

/** The one that is asked for. */
const name = process.argv.slice(2).find(word => !word.startsWith('-')) ?? '';

/** That one; for the help, and where none is of that name, all of them. */
function asked(): Promise<Command[]> {
  const wanted = Object.hasOwn(commands, name) ? [commands[name]!] : Object.values(commands);
  return Promise.all(wanted.map(load => load()));
}

const program = new Command('longhand')
  .description(description)
  .version(version)
  .configureHelp({ showGlobalOptions: true })
  .option('--debug', 'show the stack of an error')
  .exitOverride() // also for the commands added below, which inherit it
  .helpCommand(false); // commander's own takes any word for a command
// ranks are asked for the same, and one says what is wrong with it; only `train` knows ranks, and of another command each
// process may have been asked for something else, as the parts of a sweep are
if (name === 'train' && (launched()?.rank ?? 0) > 0) program.configureOutput({ writeOut() {}, writeErr() {} });
for (const command of await asked()) program.addCommand(command);
program.addCommand(helpCommand());
for (const command of program.commands) {
  command.copyInheritedSettings(program);
  checkValues(command);
}

// a reader that has seen enough, as `longhand train | head`, is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  fail(new LonghandError(`standard output cannot be written: ${error.message}`, { cause: error }));
  process.exit();
});
// where nobody reads notes and progress any more, the training goes on
process.stderr.on('error', () => {});

// what a library throws from a handler, where no caller can catch it, ends the command too, and in a line as well
process.on('uncaughtException', error => {
  fail(withAdvice(error));
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2; // commander has said what is wrong
  } else {
    fail(withAdvice(error));
  }
}

/** Where memory is short, V8 throws a plain RangeError wherever we happen to be: no defect, and there is something to do. */
function withAdvice(error: unknown): unknown {
  if (!(error instanceof RangeError) || !/\ballocat/i.test(error.message)) return error;
  const advice =
    "take fewer samples (--tiny) or hidden units, or allow more of it (ulimit -d, ulimit -v, the container's limit)";
  return new LonghandError(`there is too little memory here (${error.message}); ${advice}`, { cause: error });
}

/** `longhand help`, of a command or of them all. */
function helpCommand(): Command {
  const names = program.commands.map(command => command.name());
  return new Command('help')
    .description('show the help of a command')
    .addArgument(new Argument('[command]', 'the command').choices(names))
    .action((name?: string) => (program.commands.find(command => command.name() === name) ?? program).help());
}

/** Others spread their messages over lines. */
function inALine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

function fail(error: unknown): void {
  const known = error instanceof LonghandError || error instanceof FileError;
  const text = error instanceof Error ? error.message : String(error);
  if (program.opts().debug) console.error(error);
  else
    console.error(`longhand: ${known ? text : `${inALine(text)} (this is a defect of longhand; --debug shows where)`}`);
  process.exitCode = error instanceof InterruptedError ? error.exitCode : 1;
}
