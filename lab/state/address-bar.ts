import { effect, type Signal, signal } from '@preact/signals';
import { type Addressed, addressed, fragmentOf, plain } from './address.ts';
import { beginWith, chosen, heavy } from './chosen.ts';
import { hiddenControls } from './controls.ts';
import { prepared } from './opening.ts';
import { linkedCode } from './own.ts';
import { about, goTo, refused, setSpeed, speed, speedsUp } from './trainer.ts';
import { followed, followedValue, isLarge, stage } from './view.ts';

/** What the address asked for and could not have. */
export const ignored: Signal<readonly string[]> = signal([]);

/** Browsers refuse an address that changes too often. */
const WRITTEN_AFTER = 250;

/** The page as an address holds it. */
export const addressedNow = (): Addressed => ({
  settings: chosen.value,
  ...{ speed: speed.value, speedsUp: speedsUp.value, stage: stage.value },
  ...{ isLarge: isLarge.value, hidden: hiddenControls.value, code: '' },
  ...{ step: 0, sample: followed.value, value: followedValue.value },
});

/** A link to the page as it is, or as it is to be. */
export function linkTo(asked: Addressed): string {
  const fragment = fragmentOf(asked);
  return location.href.replace(/#.*$/, '') + (fragment === '' ? '' : `#${fragment}`);
}

/** Has the page look as the address asks; from then on the address says what the page is. */
export function followAddress(): void {
  look();
  window.addEventListener('hashchange', () => {
    const before = settingsIn(ofBar());
    const asked = look();
    if (settingsIn(asked) !== before) void beginAt(asked);
    else if (asked.step !== plain.step) goTo(asked.step);
  });
  let timer: number | undefined;
  effect(() => {
    const link = linkTo(ofBar());
    if (about.value === undefined) return; // what the address asks for is not begun yet
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (link !== location.href) history.replaceState(history.state, '', link);
    }, WRITTEN_AFTER);
  });
}

/** Whether the address asks for no settings. */
export const isPlainlyAddressed = (): boolean => settingsIn(addressed(location.hash).asked) === '';

export function beginAsAddressed(): void {
  void beginAt(addressed(location.hash).asked);
}

/** Begins, and goes on to the step that is asked for. */
async function beginAt({ settings, step }: Addressed): Promise<void> {
  beginWith(settings);
  if (step === plain.step || heavy.value !== undefined) return;
  await prepared();
  if (refused.value === undefined) goTo(step);
}

/** What stands in the bar: of a run that was opened no settings, for they alone do not lead to it. */
function ofBar(): Addressed {
  const now = withoutIdle({ ...addressedNow(), code: linkedCode.value });
  return about.value?.opened === undefined ? now : { ...now, settings: plain.settings };
}

/** A sample that nobody looks at is none that an address need hold. */
export const withoutIdle = (asked: Addressed): Addressed =>
  asked.stage === 'sample' ? asked : { ...asked, sample: plain.sample, value: plain.value };

const settingsIn = ({ settings }: Addressed): string => fragmentOf({ ...plain, settings });

function look(): Addressed {
  const read = addressed(location.hash);
  const { asked } = read;
  ignored.value = read.ignored;
  stage.value = asked.stage;
  isLarge.value = asked.isLarge;
  hiddenControls.value = asked.hidden;
  linkedCode.value = asked.code;
  followed.value = asked.sample;
  followedValue.value = asked.value;
  setSpeed(asked.speed, asked.speedsUp);
  return asked;
}
