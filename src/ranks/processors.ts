import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { cores } from '#platform';
import type { Ranks } from './ranks.ts';

/** Where a rank runs. */
interface Place {
  readonly host: string;
  /** The numbers of the processors that it may run on. */
  readonly allowed: readonly number[];
  /** How many threads it can run there at once. */
  readonly cores: number;
  /** How many processors the machine has. */
  readonly all: number;
}

export interface Threads {
  /** Of this rank. */
  readonly count: number;
  /** What is wrong with how the ranks were bound to processors, if anything. */
  readonly warnings: readonly string[];
}

/**
 * How many threads this rank is to have: as many as were `wished`, or its part of the processors that it may run on.
 * mpirun binds a rank to one core unless it is told otherwise, and all its threads with it: they would take turns there.
 */
export async function threadsOf(ranks: Ranks, wished: number | undefined): Promise<Threads> {
  const places = await ranks.fromAll<Place>({
    host: ranks.hosts[ranks.rank]!,
    allowed: allowedProcessors(),
    cores: cores(),
    all: cpus().length,
  });
  const rooms = places.map(place => {
    const beside = places.filter(
      ({ host, allowed }) => host === place.host && allowed.some(processor => place.allowed.includes(processor)),
    );
    return Math.max(1, Math.floor(place.cores / beside.length));
  });
  const warnings = [...new Set(places.map(({ host }) => host))].flatMap(host => {
    const here = places.flatMap((place, rank) => (place.host === host ? [{ ...place, rank, room: rooms[rank]! }] : []));
    return warningsOf(here, wished);
  });
  return { count: wished ?? rooms[ranks.rank]!, warnings };
}

/** What is to be said of the ranks of one machine. */
function warningsOf(here: readonly (Place & { rank: number; room: number })[], wished: number | undefined): string[] {
  const [{ host, all }] = here as [(typeof here)[0]];
  const starved = here.filter(({ room }) => wished !== undefined && wished > room);
  const bound = here.filter(({ allowed }) => allowed.length < all);
  if (starved.length > 0) {
    const [{ rank, room, allowed }] = starved as [(typeof starved)[0]];
    const why = allowed.length < all ? `is bound to ${counted(allowed.length)} of ${all}` : `has room for ${room}`;
    const advice = allowed.length < all ? '. `mpirun --bind-to none` binds none' : '. Give fewer --threads';
    return [`rank ${rank} on ${host} ${why}, where ${wished} threads take turns${advice}`];
  }
  const used = new Set(here.flatMap(({ allowed }) => allowed)).size;
  if (wished === undefined && bound.length === here.length && used < all && here.every(({ room }) => room === 1))
    return [
      `on ${host} each rank is bound to one core and has one thread, and ${counted(all - used)} of ${all} idle. ` +
        '`mpirun --bind-to none` lets them have all, `--threads N` more or fewer',
    ];
  return [];
}

const counted = (count: number): string => `${count} core${count === 1 ? '' : 's'}`;

/** From Linux; elsewhere nothing binds a process, and all are allowed. */
function allowedProcessors(): number[] {
  try {
    const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return list.split(',').flatMap(range => {
      const [first, last = first] = range.split('-').map(Number) as [number, number?];
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
  } catch {
    return cpus().map((_, processor) => processor);
  }
}
