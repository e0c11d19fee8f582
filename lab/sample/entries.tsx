import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { SATURATED } from '../../src/plateau.ts';
import { choose, cursor, nextStep, sample } from '../state/followed.ts';
import { about } from '../state/trainer.ts';
import { followedValue } from '../state/view.ts';
import type { Numbers } from '../training/protocol.ts';
import { arithmeticOf } from './arithmetic.ts';
import { Bars } from './bars.tsx';
import { Cells } from './cells.tsx';
import { largest } from './chooser.tsx';
import { alike, figure, plain, scaleFigure, scaleOf, signed, sizeOf } from './figures.ts';
import { Formula } from './formula.tsx';
import { nameInWords } from './path.tsx';
import { TanhPlot } from './tanh-plot.tsx';
import { type Cursor, type FollowedValue, placeOf, values } from './values.ts';
import type { Way } from './way.ts';

/** The cell under the pointer, in words. */
const pointed = signal<string | undefined>(undefined);

interface Shown {
  readonly name: FollowedValue;
  readonly way: Way;
  readonly network: Numbers;
}

/** The numbers of a value, as what they belong to has them: pixels, units, classes, or weights between two of these. */
export function Entries(shown: Shown): JSX.Element {
  switch (values[shown.name].axes) {
    case 'pixel':
      return <OfPixels {...shown} />;
    case 'unit':
      return <OfUnits {...shown} />;
    case 'class':
      return <OfClasses {...shown} />;
    case 'none':
      return <Worked {...shown} />;
    case 'unit × pixel':
      return <OfFirstLayer {...shown} />;
    case 'class × unit':
      return <OfSecondLayer {...shown} />;
  }
}

const columnsOf = (): number => about.value?.inputShape[2] ?? 28;
const withNumber = (entry: string, number: number): string => `${entry} = ${figure(number)}`;
const pixelInWords = (pixel: number): string => `row ${Math.floor(pixel / columnsOf())}, column ${pixel % columnsOf()}`;

/** The colours' ends, and what the cell under the pointer or the chosen one says. */
function Legend({ full, children }: { full: number; children?: JSX.Element | string | undefined }): JSX.Element {
  return (
    <p class="legend">
      <span class="number">−{scaleFigure(full)}</span>
      <span class="scale" aria-hidden="true" />
      <span class="number">+{scaleFigure(full)}</span>
      <span class="number pointed">{pointed.value ?? children}</span>
    </p>
  );
}

function OfPixels({ name, way, network }: Shown): JSX.Element {
  const { numbers } = way[name];
  const full = scaleOf(numbers);
  const textOf = (i: number) => `${withNumber(`x0[${i}]`, numbers[i]!)}, ${pixelInWords(i)}`;
  return (
    <div class="beside picture">
      <div>
        <Cells
          label="x 0, pixel by pixel"
          columns={columnsOf()}
          chosen={cursor.value.pixel}
          onChoose={pixel => choose({ pixel })}
          onPoint={i => (pointed.value = i === undefined ? undefined : textOf(i))}
          {...{ numbers, full, textOf }}
        />
        <Legend full={full}>{textOf(cursor.value.pixel)}</Legend>
      </div>
      <Worked {...{ name, way, network }} />
    </div>
  );
}

function OfUnits({ name, way, network }: Shown): JSX.Element {
  const { numbers } = way[name];
  const { unit } = cursor.value;
  const full = scaleOf(numbers);
  const x1 = way.x1.numbers;
  const isSaturated = (h: number) => Math.abs(x1[h]!) > SATURATED;
  const entry = values[name].symbol.replace('_', '');
  const textOf = (h: number) => `${withNumber(`${entry}[${h}]`, numbers[h]!)}${isSaturated(h) ? ', saturated' : ''}`;
  return (
    <>
      <Cells
        label={`${nameInWords(name)}, unit by unit`}
        chosen={unit}
        onChoose={unit => choose({ unit })}
        onPoint={h => (pointed.value = h === undefined ? undefined : textOf(h))}
        isMarked={isSaturated}
        {...{ numbers, full, textOf }}
      />
      <Legend full={full}>{textOf(unit)}</Legend>
      <Saturated name={name} way={way} isSaturated={isSaturated} />
      <div class={name === 'dl_dx1' || name === 'dl_db1' ? '' : 'beside picture'}>
        {name === 's1' && <RowOfW1 way={way} network={network} />}
        {(name === 'x1' || name === 'dl_ds1') && (
          <TanhPlot s={way.s1.numbers[unit]!} slope={way.dsigma1.numbers[unit]!} />
        )}
        <Worked {...{ name, way, network }} />
      </div>
    </>
  );
}

/** How many units are saturated, and what that does. */
function Saturated({
  name,
  way,
  isSaturated,
}: {
  name: FollowedValue;
  way: Way;
  isSaturated: (h: number) => boolean;
}): JSX.Element {
  const count = way.x1.numbers.length;
  let saturated = 0;
  for (let h = 0; h < count; h++) if (isSaturated(h)) saturated++;
  const { unit } = cursor.value;
  if (saturated === 0)
    return (
      <p class="about saturated">
        None of the {count} units is saturated (|<i>x</i>
        <sub>1</sub>| &gt; {SATURATED}) by this sample: tanh has a slope for each, and gradients come through.
      </p>
    );
  const passes = way.dsigma1.numbers[unit]!;
  return (
    <p class="about saturated">
      <b>
        ◣ {saturated} of {count} units {saturated === 1 ? 'is' : 'are'} saturated
      </b>{' '}
      (|<i>x</i>
      <sub>1</sub>| &gt; {SATURATED}): tanh is flat there, its slope less than 0.04, so hardly anything of the gradient
      comes through to their weights, and they hardly learn from this sample.
      {isSaturated(unit) && name !== 's1' && (
        <>
          {' '}
          Of unit {unit} it lets through {figure(passes, 2)} of 1.
        </>
      )}
    </p>
  );
}

/** The weights of the chosen unit, where their pixels lie. */
function RowOfW1({ way, network }: { way: Way; network: Numbers }): JSX.Element {
  const { unit, pixel } = cursor.value;
  const pixels = way.x0.numbers.length;
  const row = network.w1.subarray(unit * pixels, (unit + 1) * pixels);
  const full = scaleOf(row);
  const textOf = (i: number) => withNumber(`w1[${unit},${i}]`, row[i]!);
  return (
    <div>
      <p class="title">
        <Formula of={`w_1[${unit}]`} />, its weights
      </p>
      <Cells
        label={`The weights of unit ${unit}, pixel by pixel`}
        numbers={row}
        columns={columnsOf()}
        chosen={pixel}
        onChoose={pixel => choose({ pixel })}
        {...{ full, textOf }}
      />
      <p class="legend">
        <span class="number pointed">
          {textOf(pixel)}
          <br />
          {withNumber(`x0[${pixel}]`, way.x0.numbers[pixel]!)}
        </span>
      </p>
      <ToWeight value="dl_dw1" at={{ unit, pixel }}>
        How this weight changes
      </ToWeight>
    </div>
  );
}

/** The way to a weight: its value before and after one step. */
function ToWeight({
  value,
  at,
  children,
}: {
  value: FollowedValue;
  at: Partial<Cursor>;
  children: string;
}): JSX.Element {
  return (
    <button
      type="button"
      class="link"
      onClick={() => {
        choose(at);
        followedValue.value = value;
      }}
    >
      {children}
    </button>
  );
}

function OfClasses({ name, way, network }: Shown): JSX.Element {
  const { numbers } = way[name];
  const { class: c } = cursor.value;
  const said = largest(way.x2.numbers);
  const label = sample.value?.answer.label;
  const noteOf = (c: number): string =>
    [
      c === label ? 'the right one' : '',
      c === said && name !== 't' ? (said === label ? 'and it is said' : 'what is said') : '',
      Math.abs(way.x2.numbers[c]!) > SATURATED && name !== 't' ? '◣ saturated' : '',
    ]
      .filter(note => note !== '')
      .join(' ');
  return (
    <>
      <Bars
        label={`${nameInWords(name)}, class by class`}
        full={scaleOf(numbers)}
        chosen={c}
        onChoose={c => choose({ class: c })}
        {...{ numbers, noteOf }}
      />
      <div class={name === 'x2' || name === 'dl_ds2' ? 'beside picture' : ''}>
        {(name === 'x2' || name === 'dl_ds2') && <TanhPlot s={way.s2.numbers[c]!} slope={way.dsigma2.numbers[c]!} />}
        {name === 't' ? <Target /> : <Worked {...{ name, way, network }} />}
      </div>
    </>
  );
}

function Target(): JSX.Element {
  const { zeta = 0, targets = '01' } = about.value?.settings ?? {};
  return (
    <p class="about">
      ζ = {plain(zeta)} at the right digit and {targets === '01' ? '0' : `−ζ = ${plain(-zeta)}`} at the others: tanh can
      come to {plain(zeta)}, and never to 1.
    </p>
  );
}

function OfFirstLayer({ name, way, network }: Shown): JSX.Element {
  const { unit, pixel } = cursor.value;
  const pixels = way.x0.numbers.length;
  const rowOf = (matrix: ArrayLike<number>): Float32Array =>
    (matrix as Float32Array).subarray(unit * pixels, (unit + 1) * pixels);
  const rows = [
    { formula: `w_1[${unit}]`, title: 'its weights', entry: 'w1', numbers: rowOf(network.w1) },
    { formula: '∂ℓ/∂w_1', title: 'of this sample', entry: '∂ℓ/∂w1', numbers: rowOf(way[name].numbers) },
    {
      formula: '−η/N Σ',
      title: 'the step',
      entry: 'the step of w1',
      numbers: stepOf(nextStep.value && rowOf(nextStep.value.taken.gradients.w1), pixels),
    },
  ];
  return (
    <>
      <label class="which">
        Hidden unit{' '}
        <input
          type="number"
          class="number"
          min={0}
          max={network.b1.length - 1}
          value={unit}
          onInput={event => {
            const to = event.currentTarget.valueAsNumber;
            if (Number.isInteger(to) && to >= 0) choose({ unit: Math.min(to, network.b1.length - 1) });
          }}
        />
      </label>
      <div class="beside three">
        {rows.map(({ formula, title, entry, numbers }) => {
          const full = scaleOf(numbers);
          const textOf = (i: number) => withNumber(`${entry}[${unit},${i}]`, numbers[i] ?? 0);
          return (
            <Titled key={title} formula={formula} title={title} full={sizeOf(numbers) > 0 ? full : undefined}>
              <Cells
                label={`${title}: unit ${unit}, pixel by pixel`}
                columns={columnsOf()}
                chosen={pixel}
                onChoose={pixel => choose({ pixel })}
                onPoint={i => (pointed.value = i === undefined ? undefined : textOf(i))}
                {...{ numbers, full, textOf }}
              />
            </Titled>
          );
        })}
      </div>
      <p class="legend">
        <span class="number pointed">{pointed.value ?? `weight [${unit},${pixel}]: ${pixelInWords(pixel)}`}</span>
      </p>
    </>
  );
}

/** What the next step adds to weights, given the sums of their gradients: no numbers as long as those are not known. */
function stepOf(gradients: Float32Array | undefined, count: number): Float32Array {
  const { settings, trainCount } = about.value!;
  return gradients?.map(gradient => (-settings.eta / trainCount) * gradient) ?? new Float32Array(count).fill(NaN);
}

function OfSecondLayer({ name, way, network }: Shown): JSX.Element {
  const place = placeOf('class × unit', cursor.value, { H: network.b1.length, D: 0 });
  const H = network.b1.length;
  const at = (place: number): Partial<Cursor> => ({ class: Math.floor(place / H), unit: place % H });
  const entryOf = (place: number) => `[${Math.floor(place / H)},${place % H}]`;
  const matrix = (formula: string, title: string, numbers: ArrayLike<number>) => (
    <Titled formula={formula} title={title} full={sizeOf(numbers) > 0 ? scaleOf(numbers) : undefined}>
      <Cells
        label={`${title}, a row a class, a column a unit`}
        full={scaleOf(numbers)}
        columns={H}
        height={14}
        chosen={place}
        onChoose={place => choose(at(place))}
        textOf={place => withNumber(`${formula.replace('_', '')}${entryOf(place)}`, numbers[place] ?? 0)}
        onPoint={place =>
          (pointed.value =
            place === undefined
              ? undefined
              : withNumber(`${formula.replace('_', '')}${entryOf(place)}`, numbers[place]!))
        }
        numbers={numbers}
      />
    </Titled>
  );
  return (
    <>
      {matrix('w_2', 'The weights', network.w2)}
      {matrix('∂ℓ/∂w_2', 'Their gradient by this sample', way[name].numbers)}
      {matrix('−η/N Σ', 'The step, of all samples', stepOf(nextStep.value?.taken.gradients.w2, network.w2.length))}
      <p class="legend">
        <span class="number pointed">
          {pointed.value ?? `weight ${entryOf(place)}: from unit ${cursor.value.unit} to class ${cursor.value.class}`}
        </span>
      </p>
    </>
  );
}

function Titled({
  formula,
  title,
  full,
  children,
}: {
  formula: string;
  title: string;
  /** Undefined where the numbers are not known yet. */
  full: number | undefined;
  children: JSX.Element;
}): JSX.Element {
  return (
    <div>
      <p class="title">
        <span class="math">
          <Formula of={formula} />
        </span>{' '}
        <span>{title}</span> <small class="number">{full === undefined ? '…' : `±${scaleFigure(full)}`}</small>
      </p>
      {children}
    </div>
  );
}

/** The chosen entry, worked out with its numbers. */
function Worked({ name, way, network }: Shown): JSX.Element {
  const training = about.value;
  const answer = sample.value?.answer;
  if (training === undefined || answer === undefined) return <div class="worked" />;
  const { pixels } = answer;
  const { normalisation } = training;
  const { entry, lines, terms, rest, total } = arithmeticOf(name, way, network, cursor.value, {
    pixels,
    normalisation,
  });
  const inFigures = alike(sizeOf([total, ...terms.map(({ value }) => value), rest?.sum ?? 0]));
  return (
    <div class="worked">
      <div class="equation math">
        <span>
          <Formula of={entry} />
        </span>
        {lines.map((line, i) => (
          <span class="equals" key={i}>
            = <Formula of={line} />
          </span>
        ))}
      </div>
      {terms.length > 0 && (
        <table>
          <caption class="hidden-text">The terms of the sum, the largest first</caption>
          <tbody>
            {terms.map(({ name, numbers, value, at }) => (
              <tr key={name}>
                <th scope="row" class="math">
                  {at === undefined ? (
                    <Formula of={name} />
                  ) : (
                    <button
                      type="button"
                      class="link"
                      title="Look at this weight"
                      onClick={() => {
                        choose(at);
                        followedValue.value = at.pixel === undefined ? 'dl_dw2' : 'dl_dw1';
                      }}
                    >
                      <Formula of={name} />
                    </button>
                  )}
                </th>
                <td class="number numbers">
                  <Formula of={numbers} />
                </td>
                <td class="number">{signed(value, inFigures)}</td>
              </tr>
            ))}
            {rest !== undefined && rest.count > 0 && (
              <tr>
                <th scope="row">{rest.count} smaller terms</th>
                <td class="numbers" />
                <td class="number">{signed(rest.sum, inFigures)}</td>
              </tr>
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" class="math">
                <Formula of={entry} />
              </th>
              <td class="numbers" />
              <td class="number">{signed(total, inFigures)}</td>
            </tr>
          </tfoot>
        </table>
      )}
    </div>
  );
}
