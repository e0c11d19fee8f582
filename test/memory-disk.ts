import type { FileSystem } from '../src/platform/durable/file-system.ts';

/** A change that a disk has not been forced to keep. */
type Pending =
  | { readonly kind: 'data'; readonly inode: number; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'name'; readonly name: string; readonly inode: number | undefined };

/** What is on the disk: names, and what the files that they stand for hold. */
interface Contents {
  readonly names: Map<string, number>;
  readonly data: Map<number, Uint8Array>;
}

/** So many bytes reach the disk together. */
const SECTOR = 4;

/**
 * A folder in memory on a disk that keeps only what it was forced to: `sync` of a file its bytes, `sync` of the folder
 * its names. Of all else any part may be there after a crash, in any order: each sector of what was written, and each
 * change of a name by itself. A rename takes a name away and gives one, and even those may come apart.
 */
export class MemoryDisk implements FileSystem {
  #kept: Contents = { names: new Map(), data: new Map() };
  #pending: Pending[] = [];
  #names = new Map<string, number>();
  #data = new Map<number, Uint8Array>();
  readonly #open = new Map<number, number | 'folder'>();
  #next = 1;
  /** Called after each call, when the disk may crash. */
  onCall: (disk: MemoryDisk) => void = () => {};

  /** What a reader finds without a crash. */
  read(name: string): Uint8Array | undefined {
    const inode = this.#names.get(name);
    return inode === undefined ? undefined : this.#data.get(inode);
  }

  /** Everything that may be there after a crash at this moment: each time what a reader finds under a name. */
  *afterCrash(): Generator<(name: string) => Uint8Array | undefined, void, void> {
    const n = this.#pending.length;
    if (n > 16) throw new Error(`${n} changes are too many to try every part of them`);
    for (let part = 0; part < 2 ** n; part++) {
      const names = new Map(this.#kept.names);
      const data = new Map([...this.#kept.data].map(([inode, bytes]) => [inode, bytes.slice()]));
      this.#pending.forEach((change, i) => {
        if (!(part & (1 << i))) return;
        if (change.kind === 'data') write(data, change.inode, change.at, change.bytes);
        else if (change.inode === undefined) names.delete(change.name);
        else names.set(change.name, change.inode);
      });
      yield name => {
        const inode = names.get(name);
        return inode === undefined ? undefined : (data.get(inode) ?? new Uint8Array());
      };
    }
  }

  open(path: string, flags: 'r' | 'a' | 'wx' | 'w'): number {
    const file = this.#next++;
    const name = nameOf(path);
    if (path === '/run') this.#open.set(file, 'folder');
    else {
      let inode = this.#names.get(name);
      if (inode !== undefined && flags === 'wx') throw Object.assign(new Error(path), { code: 'EEXIST' });
      if (inode === undefined) {
        inode = this.#next++;
        this.#setName(name, inode);
        this.#data.set(inode, new Uint8Array());
      }
      this.#open.set(file, inode);
      if (flags === 'w') this.#cut(inode, 0);
    }
    this.onCall(this);
    return file;
  }

  write(file: number, bytes: Uint8Array, offset: number): number {
    const inode = this.#inode(file);
    const sector = bytes.slice(offset, offset + SECTOR);
    const at = this.#data.get(inode)!.length;
    write(this.#data, inode, at, sector);
    this.#pending.push({ kind: 'data', inode, at, bytes: sector });
    this.onCall(this);
    return sector.length;
  }

  sync(file: number): void {
    const what = this.#open.get(file);
    const isKept = (change: Pending) =>
      what === 'folder' ? change.kind === 'name' : change.kind === 'data' && change.inode === what;
    for (const change of this.#pending.filter(isKept)) {
      if (change.kind === 'data') write(this.#kept.data, change.inode, change.at, change.bytes);
      else if (change.inode === undefined) this.#kept.names.delete(change.name);
      else this.#kept.names.set(change.name, change.inode);
    }
    this.#pending = this.#pending.filter(change => !isKept(change));
    this.onCall(this);
  }

  rename(from: string, to: string): void {
    const inode = this.#names.get(nameOf(from));
    if (inode === undefined) throw Object.assign(new Error(from), { code: 'ENOENT' });
    this.#setName(nameOf(to), inode);
    this.#setName(nameOf(from), undefined);
    this.onCall(this);
  }

  unlink(path: string): void {
    this.#setName(nameOf(path), undefined);
    this.onCall(this);
  }

  close(file: number): void {
    this.#open.delete(file);
    this.onCall(this);
  }

  readdir(): string[] {
    return [...this.#names.keys()];
  }

  mkdir(): void {}

  rmdir(): void {}

  modified(): number {
    return Date.now();
  }

  truncate(file: number, length: number): void {
    this.#cut(this.#inode(file), length);
    this.onCall(this);
  }

  #inode(file: number): number {
    const inode = this.#open.get(file);
    if (typeof inode !== 'number') throw new Error(`${file} is no open file`);
    return inode;
  }

  /** A file that is cut is cut on the disk at once: the worst that may happen to it. */
  #cut(inode: number, length: number): void {
    for (const data of [this.#data, this.#kept.data])
      data.set(inode, (data.get(inode) ?? new Uint8Array()).slice(0, length));
    this.#pending = this.#pending.filter(
      change => change.kind !== 'data' || change.inode !== inode || change.at < length,
    );
  }

  #setName(name: string, inode: number | undefined): void {
    if (inode === undefined) this.#names.delete(name);
    else this.#names.set(name, inode);
    this.#pending.push({ kind: 'name', name, inode });
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Writes into a file, with zeros where nothing has been written yet. */
function write(data: Map<number, Uint8Array>, inode: number, at: number, bytes: Uint8Array): void {
  const old = data.get(inode) ?? new Uint8Array();
  const grown = new Uint8Array(Math.max(old.length, at + bytes.length));
  grown.set(old);
  grown.set(bytes, at);
  data.set(inode, grown);
}
