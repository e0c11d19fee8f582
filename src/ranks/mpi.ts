import { createRequire } from 'node:module';
import { LonghandError } from '../tensor/errors.ts';

/** A message on its way; the library knows it by this number. Both hold on to the bytes until it has arrived. */
export interface Request {
  readonly handle: BigUint64Array;
  readonly data: ArrayBufferView;
}

/** MPI, as much of it as Longhand needs. No call waits for another rank but `init` and `finalize`. */
export interface Mpi {
  /** What the library calls itself. */
  readonly name: string;
  init(): void;
  rank(): number;
  size(): number;
  send(data: ArrayBufferView, to: number): Request;
  receive(data: ArrayBufferView, from: number): Request;
  /** `into` ← the sum of all ranks' `numbers`, in whatever order the library likes. */
  sum(numbers: Float32Array, into: Float32Array): Request;
  /** Whether a message has arrived, or been handed over. To be asked until it says so, and not again. */
  isDone(request: Request): boolean;
  finalize(): void;
  /** Ends all ranks. */
  abort(code: number): void;
}

/** What there is of koffi, the package that calls C, in this file. */
interface Koffi {
  load(path: string, options: { global: boolean }): Library;
}
interface Library {
  func(prototype: string): (...given: unknown[]) => number;
  symbol(name: string): bigint;
}

/** Open MPI's handles are addresses, MPICH's and its kin's are numbers that their common ABI has fixed. */
const dialects = [
  {
    says: /Open MPI v?[\d.]+/,
    handle: 'void *',
    of: (lib: Library) => ({
      world: lib.symbol('ompi_mpi_comm_world'),
      byte: lib.symbol('ompi_mpi_byte'),
      float: lib.symbol('ompi_mpi_float'),
      sum: lib.symbol('ompi_mpi_op_sum'),
    }),
  },
  {
    says: /(MPICH|MVAPICH|Intel\(R\) MPI|CRAY MPICH)[^\n\d]*[\d.]+/i,
    handle: 'int',
    of: () => ({ world: 0x44000000, byte: 0x4c00010d, float: 0x4c00040a, sum: 0x58000003 }),
  },
];

/**
 * UCX, through which MPICH and often Open MPI send, takes `malloc` and `brk` over from those who are there already, to
 * learn what memory is given back. In a process with Node's threads the two then cut the same heap: two in a hundred
 * trainings ended with a segmentation fault. So it is told to leave both alone, and the signal by which V8 sees a mistake
 * in WebAssembly too. Whoever has set one of these has their way.
 */
const UCX = {
  UCX_MEM_MALLOC_HOOKS: 'n',
  UCX_MEM_MALLOC_RELOC: 'n',
  UCX_MEM_MMAP_HOOK_MODE: 'none',
  UCX_ERROR_SIGNALS: '',
};

/**
 * The first of these libraries that there is.
 *
 * @throws LonghandError where koffi is missing, none of the libraries is there, or one is not MPI.
 */
export function loadMpi(names: readonly string[]): Mpi {
  for (const [name, value] of Object.entries(UCX)) process.env[name] ??= value;
  const [lib, path] = libraryOf(koffi(), names);
  const version = Buffer.alloc(8192);
  lib.func('int MPI_Get_library_version(void *, void *)')(version, new Int32Array(1));
  const said = version.toString('latin1', 0, version.indexOf(0)).replaceAll(/\s+/g, ' ');
  const dialect = dialects.find(({ says }) => says.test(said));
  if (dialect === undefined)
    throw new LonghandError(`train: ${path} is ${said.slice(0, 60)}; Longhand knows Open MPI, MPICH and their kin`);

  const H = dialect.handle;
  const { world, byte, float, sum } = dialect.of(lib);
  const [init, finalize] = [lib.func('int MPI_Init(void *, void *)'), lib.func('int MPI_Finalize()')];
  const [rank, size] = ['rank', 'size'].map(what => lib.func(`int MPI_Comm_${what}(${H}, void *)`)) as [Call, Call];
  const isend = lib.func(`int MPI_Isend(void *, int, ${H}, int, int, ${H}, void *)`);
  const irecv = lib.func(`int MPI_Irecv(void *, int, ${H}, int, int, ${H}, void *)`);
  const iallreduce = lib.func(`int MPI_Iallreduce(void *, void *, int, ${H}, ${H}, ${H}, void *)`);
  const test = lib.func('int MPI_Test(void *, void *, void *)');
  const abort = lib.func(`int MPI_Abort(${H}, int)`);

  const [flag, status] = [new Int32Array(1), new Uint8Array(64)];
  const asked = (call: Call): number => {
    call(world, flag);
    return flag[0]!;
  };
  const begun = (data: ArrayBufferView, call: (handle: BigUint64Array) => void): Request => {
    const handle = new BigUint64Array(1);
    call(handle);
    return { handle, data };
  };
  return {
    name: dialect.says.exec(said)![0],
    init: () => void init(null, null),
    rank: () => asked(rank),
    size: () => asked(size),
    send: (data, to) => begun(data, handle => isend(data, data.byteLength, byte, to, 0, world, handle)),
    receive: (data, from) => begun(data, handle => irecv(data, data.byteLength, byte, from, 0, world, handle)),
    sum: (numbers, into) =>
      begun(numbers, handle => iallreduce(numbers, into, numbers.length, float, sum, world, handle)),
    isDone({ handle }) {
      test(handle, flag, status);
      return flag[0] !== 0;
    },
    finalize: () => void finalize(),
    abort: code => void abort(world, code),
  };
}

type Call = ReturnType<Library['func']>;

function koffi(): Koffi {
  try {
    return createRequire(import.meta.url)('koffi');
  } catch (cause) {
    throw new LonghandError(
      'train: a launcher of MPI has started several ranks of this training, and calling MPI takes the package koffi, ' +
        'which is not there. `npm install koffi` installs it, in a clone `npm install --no-save --save-dev koffi`; without the ' +
        'launcher, one process needs nothing',
      { cause },
    );
  }
}

function libraryOf(koffi: Koffi, names: readonly string[]): [Library, string] {
  let why: unknown;
  for (const name of names) {
    try {
      return [koffi.load(name, { global: true }), name];
    } catch (error) {
      why = error;
    }
  }
  const tried = names.length === 1 ? `${names[0]} cannot be loaded` : `none of ${names.join(', ')} can be loaded`;
  throw new LonghandError(
    `train: ${tried} (${why instanceof Error ? why.message : why}). Install the MPI that the launcher belongs to, or name its library with --mpi-library`,
    { cause: why },
  );
}
