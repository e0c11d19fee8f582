import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { filesOf } from '../state/dropped.ts';
import type { GivenFile } from '../state/run-files.ts';

/** A button by which files are chosen: several of the kinds that are named, or where none is, all of a folder. */
export function ChooseFiles({
  kinds,
  children,
  chosen,
}: {
  /** As `accept` has them: `.ts,.zip`. */
  kinds?: string;
  children: string;
  /** Told of them; not where somebody chose none. */
  chosen: (files: GivenFile[]) => void;
}): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="button" onClick={() => input.current?.click()}>
        {children}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        {...(kinds === undefined ? { webkitdirectory: true } : { accept: kinds })}
        aria-label={children}
        onChange={({ currentTarget }) => {
          const files = filesOf(currentTarget.files ?? []);
          currentTarget.value = ''; // the same one may be chosen again
          if (files.length > 0) chosen(files);
        }}
      />
    </>
  );
}
