import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { defaults, type SettingName, type Settings, settings } from '../../src/settings/table.ts';
import { atHand } from '../state/at-hand.ts';
import { accept, choose, chosen, heavy, usable } from '../state/chosen.ts';
import { shows } from '../state/controls.ts';
import { placeOn, scales } from '../state/sliders.ts';
import { about } from '../state/trainer.ts';
import { inWords, shownDataSets, titleOf, words } from './settings-words.ts';
import { Whose, withCode } from './whose.tsx';
import './settings.css';

/** What the training is a function of; a change begins anew. */
export function SettingsForm(): JSX.Element {
  const hasMore = shows('targets') || shows('engine');
  return (
    <section class="panel settings" aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      <p class="about">
        {about.value?.opened === undefined
          ? 'A change begins anew from step 0.'
          : `Those of ${about.value.opened}. A change begins a training of its own.`}
      </p>
      {shows('whose') && <Whose />}
      <NumberField name="hidden" />
      <NumberField name="eta" />
      <NumberField name="epsilon" />
      <NumberField name="zeta" />
      <div class="pair">
        <NumberField name="steps" />
        <NumberField name="seed" />
      </div>
      {shows('dataset') && <DataField />}
      <ChoiceField name="size" choices={settings.size.values.choices!} />
      {hasMore && (
        <details>
          <summary>More settings</summary>
          <ChoiceField name="targets" choices={settings.targets.values.choices!} />
          <ChoiceField name="engine" choices={settings.engine.values.choices!} />
        </details>
      )}
      <Heavy />
      <div class="ways">
        {shows('seed') && (
          <button type="button" class="button" onClick={() => choose({ seed: nextSeed(wished().seed) })}>
            Other initial weights
          </button>
        )}
        <button type="button" class="button" onClick={() => choose(defaults)}>
          Default settings
        </button>
      </div>
    </section>
  );
}

/** What the form shows: also what waits for a yes. */
const wished = (): Settings => heavy.value?.settings ?? chosen.value;

const nextSeed = (seed: number): number => (seed >= 0 && seed < Number.MAX_SAFE_INTEGER ? seed + 1 : 0);

type NumberName = 'hidden' | 'eta' | 'epsilon' | 'zeta' | 'steps' | 'seed';

/** How long a slider rests before what it says counts: arrow keys come one after the other. */
const RESTS = 300;

/** A number as a text and, where it has a scale, as a slider. Nothing begins before it is let go, or Enter is pressed. */
function NumberField({ name }: { name: NumberName }): JSX.Element | null {
  const id = useId();
  const value = wished()[name];
  /** What is typed and does not count yet. */
  const draft = useSignal<string | undefined>(undefined);
  const wrong = useSignal<string | undefined>(undefined);
  const timer = useRef(0);
  const forget = () => {
    draft.value = undefined;
    wrong.value = undefined;
  };
  // somebody else chose another value
  useEffect(forget, [value]);
  if (!shows(name)) return null;

  const commit = (text: string) => {
    const read = reading(name, text);
    if (typeof read === 'string') {
      wrong.value = read;
      return;
    }
    choose({ [name]: read });
    forget();
  };
  const scale = scales[name];
  const text = draft.value ?? written(value);
  const slide = (place: number) => {
    wrong.value = undefined;
    draft.value = written(scale![place]!);
  };
  return (
    <Field name={name} id={id} wrong={wrong.value}>
      <input
        id={id}
        class="number"
        type="text"
        inputMode={name === 'seed' ? 'text' : 'decimal'}
        autocomplete="off"
        spellcheck={false}
        value={text}
        aria-invalid={wrong.value !== undefined}
        aria-describedby={wrong.value === undefined ? undefined : `${id}-wrong`}
        onInput={event => (draft.value = event.currentTarget.value)}
        onChange={event => commit(event.currentTarget.value)}
        onKeyDown={event => event.key === 'Escape' && forget()}
      />
      {scale !== undefined && (
        <input
          type="range"
          min={0}
          max={scale.length - 1}
          value={placeOn(scale, Number(text) > 0 ? Number(text) : value)}
          aria-label={words[name].name}
          aria-valuetext={text}
          onInput={event => {
            clearTimeout(timer.current);
            slide(event.currentTarget.valueAsNumber);
          }}
          onChange={event => {
            const at = event.currentTarget.valueAsNumber;
            clearTimeout(timer.current);
            timer.current = window.setTimeout(() => commit(`${scale[at]}`), RESTS);
          }}
        />
      )}
    </Field>
  );
}

/** A number as short as it can be written, to the last bit. */
const written = (value: number): string => (value < 1e-3 && value > 0 ? value.toExponential() : `${value}`);

/** The value that a text stands for; or, in a sentence, why it stands for none. */
function reading(name: NumberName, text: string): number | string {
  let wanted = '';
  try {
    return settings[name].values.read(text, what => {
      wanted = what;
      throw new Error(what);
    });
  } catch (error) {
    if (wanted === '') throw error;
    return `${text.trim() === '' ? 'Nothing stands here' : `“${text.trim().slice(0, 20)}” cannot be used`}: type ${wanted}`;
  }
}

type ChoiceName = 'size' | 'targets' | 'engine';

/** One of a few. */
function ChoiceField<Name extends ChoiceName>({ name, choices }: { name: Name; choices: readonly Settings[Name][] }) {
  const id = useId();
  if (!shows(name)) return null;
  const value = wished()[name];
  // an address or a run may have another number of samples
  const all = choices.includes(value) ? choices : [...choices, value];
  return (
    <Field name={name} id={id}>
      <select id={id} value={value} onChange={event => choose({ [name]: all[event.currentTarget.selectedIndex]! })}>
        {all.map(choice => (
          <option key={choice} value={choice}>
            {inWords(choice)}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** The data sets that are here; of the one that was wished for and is not, what to do. */
function DataField(): JSX.Element {
  const id = useId();
  const asked = wished();
  const used = usable(asked).dataset;
  const { data, missing } = atHand.value;
  const others = shownDataSets.filter(name => name !== asked.dataset && missing[name] !== undefined);
  return (
    <Field name="dataset" id={id}>
      <select
        id={id}
        value={used}
        onChange={event => choose({ dataset: event.currentTarget.value as Settings['dataset'] })}
      >
        {shownDataSets.map(name => (
          <option key={name} value={name} disabled={!data.includes(name)}>
            {titleOf(name)}
            {data.includes(name) ? '' : ' (not here)'}
          </option>
        ))}
      </select>
      <p class="here">
        {used === 'drawn' ? 'Drawn in this page' : 'From this machine'}
        {used === asked.dataset ? '.' : ': '}
        {used !== asked.dataset && withCode(missing[asked.dataset] ?? `${titleOf(asked.dataset)} is not here`)}
      </p>
      {others.length > 0 && (
        <details>
          <summary>Other data sets, and how to get them</summary>
          <ul>
            {others.map(name => (
              <li key={name}>{withCode(missing[name]!)}</li>
            ))}
          </ul>
        </details>
      )}
    </Field>
  );
}

/** A name and what it stands for, with an explanation for whoever wants one, and what is wrong. */
function Field({
  name,
  id,
  wrong,
  children,
}: {
  name: SettingName;
  id: string;
  wrong?: string | undefined;
  children: ComponentChildren;
}): JSX.Element {
  const isOpen = useSignal(false);
  const { name: title, explanation } = words[name];
  return (
    <div class="field">
      <label for={id}>{title}</label>
      <button
        type="button"
        class="why"
        aria-label={`What is “${title}”?`}
        aria-expanded={isOpen.value}
        aria-controls={`${id}-why`}
        onClick={() => (isOpen.value = !isOpen.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') isOpen.value = false;
        }}
      >
        ?
      </button>
      {children}
      <p class="wrong" id={`${id}-wrong`} role="alert">
        {wrong}
      </p>
      <p class="explanation" id={`${id}-why`} hidden={!isOpen.value}>
        {explanation}
      </p>
    </div>
  );
}

/** What would take long asks first. */
function Heavy(): JSX.Element | null {
  const asked = heavy.value;
  const box = useRef<HTMLDivElement>(null);
  // the form may be longer than the window, and a question that nobody sees looks like a wish that was lost
  useEffect(() => box.current?.scrollIntoView({ block: 'center' }), [asked]);
  if (asked === undefined) return null;
  return (
    <div ref={box} class="heavy" role="alert">
      <p>{asked.why}</p>
      <button type="button" class="button" onClick={() => accept(asked.settings, asked.own)}>
        Begin all the same
      </button>
      <button type="button" class="button" onClick={() => (heavy.value = undefined)}>
        Leave it
      </button>
    </div>
  );
}
