import { loadData, NoDataError, type OneHotData } from '../prologue/index.ts';
import type { LargeData } from '../prologue/large-data.ts';
import type { Settings } from '../settings/table.ts';
import { downloadLine } from './download-line.ts';
import { drawnData } from './drawn-data.ts';
import type { Terminal } from './terminal.ts';

/**
 * The data of a training. Where nobody chose a set or a folder (`mayDraw`) and the set cannot be had, drawn digits, and
 * a word on it.
 */
export async function loadOrDraw(
  settings: Settings,
  {
    dataDir,
    mayDraw,
    threads,
    log,
    terminal,
    signal,
  }: {
    dataDir: string | undefined;
    mayDraw: boolean;
    /** That draw digits; as many as cores unless asked otherwise. */
    threads?: number | undefined;
    /** Where the helper file's lines go. */
    log: (line: string) => void;
    terminal: Terminal;
    signal: AbortSignal;
  },
): Promise<OneHotData | LargeData> {
  const { size } = settings;
  const load = (dataset: Settings['dataset']): Promise<OneHotData | LargeData> => {
    if (dataset === 'drawn') return drawnData(settings, { threads, log, terminal, signal });
    const line = downloadLine();
    const cleared = (write: (text: string) => void) => (text: string) => {
      line.clear();
      write(text);
    };
    return loadData({
      ...{ dataset, full: size === 'full', tiny: size === 'tiny', dataDir, oneHotLabels: true, normalize: true },
      log: cleared(log),
      onNote: cleared(text => terminal.note(text)),
      onProgress: terminal.quiet ? undefined : line.show,
      signal,
    }).finally(line.clear);
  };
  try {
    return await load(settings.dataset);
  } catch (error) {
    if (!mayDraw || !(error instanceof NoDataError)) throw error;
    terminal.warn(error.message); // even with --quiet: what follows is not what was meant
    terminal.warn('training on drawn digits instead, which Longhand makes itself (--dataset drawn)');
    return load('drawn');
  }
}
