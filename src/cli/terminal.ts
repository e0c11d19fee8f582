import { ProgressBar } from './progress.ts';

/** The two outputs of a training: lines on either of them go above the progress bar. */
export class Terminal {
  readonly quiet: boolean;
  readonly bar: ProgressBar;
  #isRead = true;

  constructor({ quiet }: { quiet: boolean }) {
    this.quiet = quiet;
    this.bar = new ProgressBar(!quiet);
  }

  /** Columns of the terminal that shows notes; undefined where there is none. */
  get columns(): number | undefined {
    return process.stderr.isTTY ? process.stderr.columns || 80 : undefined;
  }

  /** A line of the log. */
  print(line: string): void {
    if (!this.#isRead) return;
    this.bar.clear();
    process.stdout.write(`${line}\n`);
  }

  /** A line beside the log, which --quiet silences. */
  note(line: string): void {
    if (!this.quiet) this.warn(line);
  }

  /** A line that even --quiet does not silence. */
  warn(line: string): void {
    this.write(`longhand: ${line}\n`);
  }

  /** Text beside the log as it is. */
  write(text: string): void {
    this.bar.clear();
    process.stderr.write(text);
  }

  /** Without a reader the program ends; but a training that is saved is worth going on with. */
  goOnUnread(): void {
    process.stdout.removeAllListeners('error').on('error', error => {
      if (this.#isRead)
        this.note(`standard output cannot be written any more (${error.message}); the training is saved and goes on`);
      this.#isRead = false;
    });
  }
}
