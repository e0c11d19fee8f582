import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { ChooseFiles } from '../page/choose-files.tsx';
import { Dialog } from '../page/dialog.tsx';
import { shows } from '../state/controls.ts';
import { openFiles } from '../state/opening.ts';
import type { GivenFile } from '../state/run-files.ts';
import { save } from '../state/saving.ts';
import { about, isPreparing, refused, step } from '../state/trainer.ts';
import type { FileKind } from '../training/protocol.ts';
import { withCode } from './whose.tsx';
import './runs.css';

/** Opens a run that was saved, saves this one, and takes its network elsewhere. */
export function Runs(): JSX.Element | null {
  const box = useRef<HTMLDialogElement>(null);
  if (!shows('runs')) return null;
  return (
    <>
      <button type="button" class="button" onClick={() => box.current?.showModal()}>
        Open or save
      </button>
      <Dialog box={box} title="Open or save">
        <div class="runs">
          <Opening opened={() => box.current?.close()} />
          <Saving />
        </div>
      </Dialog>
    </>
  );
}

function Opening({ opened }: { opened: () => void }): JSX.Element {
  const open = async (files: GivenFile[]) => {
    if (await openFiles(files)) opened();
  };
  return (
    <>
      <h3>Open a run</h3>
      <p class="soft">
        The zip that is saved here, or what <code>longhand train --out DIR</code> wrote:{' '}
        <code>checkpoint.safetensors</code> and, for the curves, <code>log.csv</code>. You may also drop it anywhere on
        the page.
      </p>
      <div class="choices">
        <ChooseFiles kinds=".safetensors,.csv,.zip" chosen={open}>
          Choose files
        </ChooseFiles>
        <ChooseFiles chosen={open}>Choose a folder</ChooseFiles>
        <span role="status">{isPreparing.value ? 'Opening …' : ''}</span>
      </div>
      <p class="wrong" role="alert">
        {refused.value}
      </p>
    </>
  );
}

/** What a moment can be saved as, each with what it is for. */
const kinds: readonly (readonly [kind: FileKind, name: string, use: string])[] = [
  [
    'run',
    'The whole run',
    'a zip: open it here, or unzip it and go on in a terminal with `longhand train --resume run`',
  ],
  ['picture', 'A picture', 'of the hidden units, as PNG'],
  ['csv', 'The log as a table', 'CSV at full precision, a row a step, for a spreadsheet'],
  ['log', 'The log as text', 'as the practical prints it; `longhand compare` reads it'],
  ['onnx', 'ONNX', 'the network for onnxruntime and its like'],
  ['npz', 'NumPy', 'an .npz of w1, b1, w2, b2'],
  ['safetensors', 'safetensors', 'for PyTorch, and for `longhand predict`'],
  ['json', 'JSON', 'the network in plain numbers'],
];

function Saving(): JSX.Element {
  const doing = useSignal<FileKind | undefined>(undefined);
  const said = useSignal('');
  const act = async (kind: FileKind) => {
    doing.value = kind;
    said.value = '';
    try {
      said.value = `${await save(kind)} is saved.`;
    } catch (error) {
      const { message } = error as Error;
      // so say Chromium and Firefox of a part of the page that is fetched only now
      const isUnserved = /dynamically imported module/.test(message);
      said.value = `It was not saved: ${isUnserved ? 'this page’s server does not answer. Start it again' : message}`;
    }
    doing.value = undefined;
  };
  return (
    <>
      <h3>Save this moment</h3>
      <p class="soft">
        As it is after step <span class="number">{step.value}</span>
        {about.value?.opened === undefined ? '' : ` of ${about.value.opened}`}: whatever you save is this step’s.
      </p>
      <ul>
        {kinds.map(([kind, name, use]) => (
          <li key={kind}>
            <button
              type="button"
              class="button"
              disabled={doing.value !== undefined || about.value === undefined}
              aria-busy={doing.value === kind}
              aria-describedby={`save-${kind}`}
              onClick={() => act(kind)}
            >
              {doing.value === kind ? 'Saving …' : name}
            </button>
            <span class="soft" id={`save-${kind}`}>
              {withCode(use)}
            </span>
          </li>
        ))}
      </ul>
      <p role="status">{said.value}</p>
    </>
  );
}
