import type { Answer, Probe, Recorded, Value } from './protocol.ts';

/**
 * An answer as it must be, or undefined. It comes out of a process in which a learner's code has run and may have
 * written it itself: nothing in it is taken for what it says it is.
 */
export function answerFrom(message: unknown, sites: number): Answer | undefined {
  if (!isRecord(message)) return undefined;
  switch (message.kind) {
    case 'returned': {
      const value = valueFrom(message.value);
      const args = listOf(message.arguments, item => valueFrom(item));
      const before = whatCameBefore(message, sites);
      const sitesOfReturned = listOf(message.sitesOfReturned, site =>
        site === -1 || isIndex(site, sites) ? site : undefined,
      );
      const sharesStorageWith = listOf(message.sharesStorageWith, i => (isIndex(i, 100) ? i : undefined));
      const newGlobals = listOf(message.newGlobals, textFrom);
      if (!value || !args || !before || !sitesOfReturned || !sharesStorageWith || !newGlobals) return undefined;
      return { kind: 'returned', value, arguments: args, ...before, sitesOfReturned, sharesStorageWith, newGlobals };
    }
    case 'threw': {
      const says = textFrom(message.says);
      const before = whatCameBefore(message, sites);
      if (says === undefined || !before) return undefined;
      const operation = textFrom(message.operation) ?? null;
      return { kind: 'threw', says, operation, ...placeFrom(message), loading: message.loading === true, ...before };
    }
    case 'runaway':
      return { kind: 'runaway', within: textFrom(message.within) ?? null, ...placeFrom(message) };
    default:
      return undefined;
  }
}

/** An answer without a value, or undefined. */
export function failureFrom(message: unknown, sites: number): Exclude<Answer, { kind: 'returned' }> | undefined {
  const answer = answerFrom(message, sites);
  return answer?.kind === 'returned' ? undefined : answer;
}

/** What was noted while the code ran. */
function whatCameBefore(message: Record<string, unknown>, sites: number) {
  const probes = listOf(message.probes, (probe): Probe | undefined => {
    if (!isRecord(probe) || !isIndex(probe.site, sites)) return undefined;
    const value = valueFrom(probe.value);
    if (value === undefined) return undefined;
    if (probe.afterwards === undefined) return { site: probe.site, value };
    const afterwards = valueFrom(probe.afterwards);
    return afterwards && { site: probe.site, value, afterwards };
  });
  const records = listOf(message.records, (record): Recorded | undefined => {
    if (!isRecord(record)) return undefined;
    const name = textFrom(record.name);
    const values = listOf(record.values, value => valueFrom(value));
    return name === undefined || values === undefined ? undefined : { name, values };
  });
  return probes && records && { probes, records };
}

/** A value as it must be, or undefined. */
export function valueFrom(message: unknown, depth = 0): Value | undefined {
  if (!isRecord(message)) return undefined;
  switch (message.kind) {
    case 'tensor': {
      const { dtype, data } = message;
      if (dtype !== 'float32' && dtype !== 'float64' && dtype !== 'int64' && dtype !== 'bool') return undefined;
      const shape = listOf(message.shape, length => (isIndex(length, 1e9) ? length : undefined));
      if (shape === undefined || !(data instanceof Float64Array)) return undefined;
      return data.length === shape.reduce((count, length) => count * length, 1)
        ? { kind: 'tensor', dtype, shape, data }
        : undefined;
    }
    case 'number':
      return typeof message.value === 'number' ? { kind: 'number', value: message.value } : undefined;
    case 'text': {
      const value = textFrom(message.value);
      return value === undefined ? undefined : { kind: 'text', value };
    }
    case 'list': {
      const items = depth > 4 ? undefined : listOf(message.items, item => valueFrom(item, depth + 1));
      return items && { kind: 'list', items };
    }
    case 'nothing':
      return { kind: 'nothing' };
    case 'other': {
      const what = textFrom(message.what);
      return what === undefined ? undefined : { kind: 'other', what };
    }
    default:
      return undefined;
  }
}

function placeFrom({ file, line }: Record<string, unknown>): { file: string | null; line: number | null } {
  return { file: textFrom(file) ?? null, line: isIndex(line, 1e7) ? line : null };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isIndex(value: unknown, below: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < below;
}

/** All items, or undefined where one of them is not as it must be. */
function listOf<T>(value: unknown, itemFrom: (item: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value) || value.length > 20_000) return undefined;
  const items: T[] = [];
  for (const item of value) {
    const made = itemFrom(item);
    if (made === undefined) return undefined;
    items.push(made);
  }
  return items;
}

/** A text for a terminal: one line, without what would steer it. */
function textFrom(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.slice(0, 2000).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}
