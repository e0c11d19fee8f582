import { effect, type Signal, signal } from '@preact/signals';
import { type Addressed, addressed, fragmentOf, plain } from './address.ts';
import { beginWith, chosen } from './chosen.ts';
import { hiddenControls } from './controls.ts';
import { setSpeed, speed } from './trainer.ts';
import { isLarge, stage } from './view.ts';

/** What the address asked for and could not have. */
export const ignored: Signal<readonly string[]> = signal([]);

/** Browsers refuse an address that changes too often. */
const WRITTEN_AFTER = 250;

/** The page as an address holds it. */
export const addressedNow = (): Addressed => ({
  settings: chosen.value,
  speed: speed.value,
  stage: stage.value,
  isLarge: isLarge.value,
  hidden: hiddenControls.value,
});

/** A link to the page as it is, or as it is to be. */
export function linkTo(asked: Addressed): string {
  const fragment = fragmentOf(asked);
  return location.href.replace(/#.*$/, '') + (fragment === '' ? '' : `#${fragment}`);
}

/** Begins with what the address asks for; from then on the address says what the page is. */
export function followAddress(): void {
  follow();
  window.addEventListener('hashchange', follow);
  let timer: number | undefined;
  effect(() => {
    const link = linkTo(addressedNow());
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (link !== location.href) history.replaceState(history.state, '', link);
    }, WRITTEN_AFTER);
  });
}

let isFirst = true;

function follow(): void {
  const read = addressed(location.hash);
  const { asked } = read;
  ignored.value = read.ignored;
  stage.value = asked.stage;
  isLarge.value = asked.isLarge;
  hiddenControls.value = asked.hidden;
  setSpeed(asked.speed);
  const isOther =
    fragmentOf({ ...plain, settings: asked.settings }) !== fragmentOf({ ...plain, settings: chosen.peek() });
  if (isFirst || isOther) beginWith(asked.settings);
  isFirst = false;
}
