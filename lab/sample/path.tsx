import type { JSX, TargetedKeyboardEvent } from 'preact';
import { seen, way } from '../state/followed.ts';
import { chosenUnit, followedValue, sight } from '../state/view.ts';
import { figure } from './figures.ts';
import { Formula } from './formula.tsx';
import { placeByKey } from './keys.ts';
import { Mini } from './mini.tsx';
import { type FollowedValue, order, values } from './values.ts';

/**
 * Where each value stands on the way: a column for each of the forward pass, below it the slope of the loss by it, and
 * below that what becomes of it in the sums.
 */
const places: Readonly<Record<FollowedValue, readonly [column: number, row: number]>> = {
  x0: [1, 1],
  s1: [2, 1],
  x1: [3, 1],
  s2: [4, 1],
  x2: [5, 1],
  loss: [6, 1],
  t: [6, 2],
  dl_dx2: [5, 2],
  dl_ds2: [4, 2],
  dl_dx1: [3, 2],
  dl_ds1: [2, 2],
  dl_dw1: [1, 3],
  dl_db1: [2, 3],
  dl_dw2: [3, 3],
  dl_db2: [4, 3],
};

/** The whole way at a glance, forward and back; one value of it is open. */
export function Path(): JSX.Element {
  const open = followedValue.value;
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const to = placeByKey(event.key, order.indexOf(open), order.length, 1);
    if (to === undefined) return;
    event.preventDefault();
    followedValue.value = order[to]!;
    document.getElementById(`way-${order[to]}`)?.focus();
  };
  return (
    <div
      class="way"
      role="tablist"
      aria-label="The way forward and back, in the order of computation"
      onKeyDown={onKeyDown}
    >
      {order.map(name => (
        <button
          type="button"
          role="tab"
          id={`way-${name}`}
          key={name}
          class={values[name].way}
          aria-selected={name === open}
          aria-controls="open-value"
          tabIndex={name === open ? 0 : -1}
          style={{ '--column': places[name][0], '--row': places[name][1] }}
          onClick={() => {
            followedValue.value = name;
            sight.value = { focus: false };
          }}
        >
          <span class="math" aria-hidden="true">
            <Formula of={values[name].symbol} />
          </span>
          <span class="hidden-text">{nameInWords(name)}</span>
          <Wrong name={name} />
          <Glance name={name} />
          <ShapeOf name={name} />
        </button>
      ))}
    </div>
  );
}

/** A mark on what a learner's functions compute otherwise than by the formula. */
function Wrong({ name }: { readonly name: FollowedValue }): JSX.Element | null {
  const own = way.value?.[name].own;
  if (own === undefined || (own.differs.length === 0 && own.says === undefined)) return null;
  return (
    <span class={own.says === undefined ? 'wrong' : 'missing'}>
      <span aria-hidden="true">{own.says === undefined ? '✗' : '?'}</span>
      <span class="hidden-text">{own.says === undefined ? ', not what the formula gives' : ', not in your code'}</span>
    </span>
  );
}

/** `the gradient by s 1` */
export const nameInWords = (name: FollowedValue): string =>
  name === 't' ? 't, the target' : values[name].spoken.split(' is ')[0]!;

function Glance({ name }: { readonly name: FollowedValue }): JSX.Element {
  const value = way.value?.[name];
  const pixels = way.value?.x0.numbers.length ?? 0;
  if (value === undefined) return <span class="mini" />;
  switch (values[name].axes) {
    case 'none':
      return (
        <span class="mini number" aria-hidden="true">
          {figure(value.numbers[0]!, 3)}
        </span>
      );
    case 'class':
      return <Mini numbers={value.numbers} columns={undefined} />;
    case 'unit':
      return (
        <Mini numbers={value.numbers} columns={Math.min(value.numbers.length, value.numbers.length > 100 ? 40 : 10)} />
      );
    case 'pixel':
      return <Mini numbers={value.numbers} columns={Math.round(Math.sqrt(pixels))} />;
    case 'class × unit':
      return <Mini numbers={value.numbers} columns={value.shape[1]!} />;
    case 'unit × pixel': {
      const unit = Math.min(chosenUnit.value, value.shape[0]! - 1);
      const row = (value.numbers as Float32Array).subarray(unit * pixels, (unit + 1) * pixels);
      return <Mini numbers={row} columns={Math.round(Math.sqrt(pixels))} />;
    }
  }
}

function ShapeOf({ name }: { readonly name: FollowedValue }): JSX.Element {
  const shape = seen.value === undefined ? undefined : way.value?.[name].shape;
  return (
    <small class="number" aria-hidden="true">
      {shape === undefined ? '' : shapeText(shape)}
    </small>
  );
}

export const shapeText = (shape: readonly number[]): string => (shape.length === 0 ? '1' : shape.join('×'));
