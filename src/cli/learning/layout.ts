import { styleText } from 'node:util';
import { asAscii } from '../characters.ts';
import { wrap } from '../wrap.ts';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** A key that does something now. */
export interface Key {
  readonly key: string;
  readonly does: string;
}

/** A part of a page: a paragraph, cells that stand beside each other, or keys. */
export interface Block {
  readonly text?: string;
  readonly keys?: readonly Key[];
  readonly cells?: readonly { readonly text: string; readonly style: Style }[];
  readonly style?: Style | undefined;
  /** Where there is no room for everything, the lightest goes first. What has no weight stays. */
  readonly weight?: number;
  /** Lines that are too long are cut off and not broken. */
  readonly cut?: boolean;
  /** So many spaces before each line. */
  readonly inset?: number;
  /** Follows the one before without an empty line between. */
  readonly joined?: boolean;
}

export interface Sheet {
  readonly columns: number;
  /** Undefined where it may be as long as it likes. */
  readonly rows?: number;
  readonly unicode: boolean;
}

/** Longer lines are hard to read. */
const WIDEST = 100;

/** As lines that fit on a sheet, with `footer` at the end of them. */
export function laidOut(blocks: readonly Block[], footer: readonly Block[], sheet: Sheet): string[] {
  const room = sheet.rows ?? Number.POSITIVE_INFINITY;
  const foot = linesOf(footer, sheet);
  let kept = [...blocks];
  for (;;) {
    const lines = linesOf(kept, sheet);
    const gap = foot.length > 0 ? [''] : [];
    if (lines.length + gap.length + foot.length <= room) return [...lines, ...gap, ...foot];
    const lightest = Math.min(...kept.map(({ weight }) => weight ?? Number.POSITIVE_INFINITY));
    if (lightest === Number.POSITIVE_INFINITY) {
      const left = Math.max(0, room - foot.length - 1);
      return [...lines.slice(0, left), asFits('… there is more: make the window larger', sheet), ...foot].slice(-room);
    }
    kept = kept.filter(({ weight }) => weight !== lightest);
  }
}

function linesOf(blocks: readonly Block[], sheet: Sheet): string[] {
  const width = widthOf(sheet);
  const lines: string[] = [];
  for (const { text, cells, keys, style, cut, inset = 0, joined } of blocks) {
    if (lines.length > 0 && !joined) lines.push('');
    const styled = (line: string, by = style) => (by === undefined || line === '' ? line : styleText(by, line));
    if (text !== undefined) {
      const own = inSheet(text, sheet);
      const broken = cut ? own.split('\n').map(line => line.slice(0, width)) : wrap(own, width - inset);
      lines.push(...broken.map(line => ' '.repeat(inset) + styled(line)));
    }
    if (keys !== undefined) lines.push(...keyLines(keys, width));
    if (cells !== undefined) {
      const texts = cells.map(cell => inSheet(cell.text, sheet));
      const widest = Math.max(...texts.map(cell => cell.length));
      const perLine = Math.max(1, Math.floor((width + 2) / (widest + 2)));
      for (let k = 0; k < cells.length; k += perLine) {
        const row = texts.slice(k, k + perLine);
        const gaps = row.map((cell, i) => ' '.repeat(i < row.length - 1 ? widest + 2 - cell.length : 0));
        lines.push(row.map((cell, i) => styled(cell, cells[k + i]!.style) + gaps[i]).join(''));
      }
    }
  }
  return lines;
}

/** Each key before what it does, as many to a line as there is room for. */
function keyLines(keys: readonly Key[], width: number): string[] {
  const lines: string[] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const { key, does } of keys) {
    const own = key.length + 1 + does.length;
    const shown = `${styleText('bold', key)} ${does}`;
    if (length + 3 + own > width) {
      lines.push(shown);
      length = own;
    } else {
      lines.push(`${lines.pop()}   ${shown}`);
      length += 3 + own;
    }
  }
  return lines;
}

function widthOf({ columns }: Sheet): number {
  return Math.max(20, Math.min(WIDEST, columns - 1));
}

function inSheet(text: string, { unicode }: Sheet): string {
  return unicode ? text : asAscii(text);
}

function asFits(text: string, sheet: Sheet): string {
  return inSheet(text, sheet).slice(0, widthOf(sheet));
}
