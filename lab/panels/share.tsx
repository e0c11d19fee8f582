import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { settingNames } from '../../src/settings/table.ts';
import { Dialog } from '../page/dialog.tsx';
import type { Addressed } from '../state/address.ts';
import { addressedNow, linkTo, withoutIdle } from '../state/address-bar.ts';
import { usable } from '../state/chosen.ts';
import { type Control, controlNames, controls, hiddenControls, shows } from '../state/controls.ts';
import { files, isWritten } from '../state/own.ts';
import { about, step } from '../state/trainer.ts';
import { isLarge as isLargeNow } from '../state/view.ts';
import './share.css';

/** A link that holds the settings, and hides the controls that a teacher switched off. */
export function Share(): JSX.Element | null {
  const box = useRef<HTMLDialogElement>(null);
  /** Each time it is opened it begins with the page as it is. */
  const opened = useSignal(0);
  if (!shows('share')) return null;
  const open = () => {
    opened.value += 1;
    box.current?.showModal();
  };
  return (
    <>
      <button type="button" class="button" onClick={open}>
        Share
      </button>
      <Dialog box={box} title="Share">
        <Link key={opened.value} />
      </Dialog>
    </>
  );
}

const isOfSettings = (name: Control): boolean => settingNames.some(setting => setting === name);
/** Whether a link can lead there: of a run that was opened it holds only the settings. */
const isStep = (step: number): boolean => step > 0 && about.value?.opened === undefined;

const single = controlNames.filter(name => !isOfSettings(name));

/** What a link has more where it holds what is written here, and why it does not, where that is too long. */
function usePackedCode(isWanted: boolean): { asked?: Pick<Addressed, 'code' | 'stage'>; tooLong?: string } {
  const packed = useSignal<{ code: string } | string | undefined>(undefined);
  useEffect(() => {
    packed.value = undefined;
    if (isWanted) import('../write/code-in-link.ts').then(({ packed: pack }) => (packed.value = pack(files.peek())));
  }, [isWanted]);
  if (packed.value === undefined) return {};
  return typeof packed.value === 'string'
    ? { tooLong: packed.value }
    : { asked: { code: packed.value.code, stage: 'write' } };
}

function Link(): JSX.Element {
  const hidden = useSignal<ReadonlySet<Control>>(hiddenControls.peek());
  const isLarge = useSignal(isLargeNow.peek());
  const copied = useSignal('');
  const hasStep = useSignal(true);
  const hasCode = useSignal(false);
  const code = usePackedCode(hasCode.value && isWritten.value && shows('write'));
  const field = useRef<HTMLInputElement>(null);
  const now = addressedNow();
  const isPast = hasStep.value && isStep(step.value);
  const asked = {
    ...now,
    step: isPast ? step.value : 0,
    settings: usable(now.settings),
    isLarge: isLarge.value,
    hidden: hidden.value,
    ...code.asked,
  };
  const link = linkTo(withoutIdle(asked));
  const left = hidden.value.has('settings') ? [] : settingNames.filter(name => !hidden.value.has(name));

  const turn = (name: Control, isShown: boolean) => {
    const others = new Set(hidden.value);
    if (isShown) others.delete(name);
    else others.add(name);
    hidden.value = others;
    copied.value = '';
  };
  const tickedFor = (wish: Signal<boolean>) => (is: boolean) => {
    wish.value = is;
    copied.value = '';
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      copied.value = 'Copied.';
    } catch {
      // some browsers, and pages that are served without a certificate, have no clipboard
      field.current?.select();
      copied.value = 'This browser does not let a page copy: the link is selected, copy it yourself.';
    }
  };
  const box = (name: Control) => (
    <Ticked
      key={name}
      is={!hidden.value.has(name)}
      isFixed={isOfSettings(name) && hidden.value.has('settings')}
      turn={isShown => turn(name, isShown)}
    >
      {controls[name]}
    </Ticked>
  );

  return (
    <div class="share">
      <p class="soft">
        The link holds settings, seed, speed, what the middle shows and, if you like, the step. Whoever opens it begins
        with the same weights and comes to the same ones, to the last bit.
      </p>
      <div class="link">
        <input
          ref={field}
          class="number"
          type="text"
          readOnly
          aria-label="The link"
          value={link}
          onFocus={event => event.currentTarget.select()}
        />
        <button type="button" class="button" onClick={copy}>
          Copy
        </button>
      </div>
      <p role="status">{copied.value}</p>
      <fieldset>
        <legend>What it shows</legend>
        <p class="soft">Untick what a class is not to see or turn. Your own page stays as it is.</p>
        <div class="boxes">{single.map(box)}</div>
        <div class="boxes each">{settingNames.map(box)}</div>
      </fieldset>
      <Ticked is={isLarge.value} turn={is => (isLarge.value = is)}>
        In large letters, for a projector
      </Ticked>
      {isStep(step.value) && (
        <Ticked is={hasStep.value} turn={tickedFor(hasStep)}>
          At this moment: the page trains up to step {step.value.toLocaleString('en')} and shows it
        </Ticked>
      )}
      {isWritten.value && shows('write') && (
        <Ticked is={hasCode.value} turn={tickedFor(hasCode)}>
          With my code: whoever opens the link sees it, and it runs only when they ask for it
        </Ticked>
      )}
      {code.tooLong !== undefined && <p role="alert">{code.tooLong}</p>}
      <p class="soft">
        {hidden.value.size === 0
          ? 'The whole page is shown. '
          : `${single.length - single.filter(name => hidden.value.has(name)).length} of ${single.length} parts are shown, ` +
            `${left.length === 0 ? 'no setting' : `${left.length} of ${settingNames.length} settings`}; ` +
            'whoever wants the rest finds “Show all controls” at the foot. '}
        <a href={link} target="_blank" rel="noopener">
          See what it shows
        </a>
      </p>
    </div>
  );
}

/** A box that is ticked or not, and what that means. */
function Ticked({
  is,
  isFixed = false,
  turn,
  children,
}: {
  is: boolean;
  isFixed?: boolean;
  turn: (is: boolean) => void;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <label>
      <input type="checkbox" checked={is} disabled={isFixed} onChange={event => turn(event.currentTarget.checked)} />
      <span>{children}</span>
    </label>
  );
}
