import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { cursor, nextStep, sample, seen } from '../state/followed.ts';
import { about } from '../state/trainer.ts';
import { followedValue } from '../state/view.ts';
import type { Numbers } from '../training/protocol.ts';
import { alike, factor, figure, plain, signed, sizeOf } from './figures.ts';
import { Formula } from './formula.tsx';
import { ours, stepLine } from './ours.ts';
import { placeOf, values } from './values.ts';
import type { Way } from './way.ts';
import { chainOf, nameOf, type Parameter, type TwoPoints, twoPointsOf } from './weight.ts';

/** Two points beside the derivative, and of what they were taken. */
const check = signal<{ readonly of: string; readonly points: TwoPoints } | undefined>(undefined);

/** One weight: its value before the step, the step, and its value after it; and this sample's part in it. */
export function WeightCard({ way, network }: { readonly way: Way; readonly network: Numbers }): JSX.Element {
  const parameter = followedValue.value.slice(-2) as Parameter;
  const name = nameOf(parameter, cursor.value);
  const { axes } = values[followedValue.value];
  const place = placeOf(axes, cursor.value, { H: network.b1.length, D: way.x0.numbers.length });
  const line = stepLine(parameter);
  const from = nextStep.value?.before.step;
  return (
    <section class="weight" aria-labelledby="one-weight">
      <h4 id="one-weight">
        One step of{' '}
        <span class="math">
          <Formula of={name} />
        </span>
        <small class="number">{from === undefined ? '' : `from ${from} to ${from + 1}`}</small>
      </h4>
      <TheStep {...{ parameter, name, place, network }} />
      {line !== undefined && (
        <ul class="code">
          <li>
            <small>
              {line.file}:{line.line}
            </small>
            <code>{line.text}</code>
          </li>
        </ul>
      )}
      <ThePart {...{ parameter, name, way, network }} />
      <TheCheck {...{ parameter, name, place, network }} />
    </section>
  );
}

interface OfWeight {
  readonly parameter: Parameter;
  readonly name: string;
  readonly place: number;
  readonly network: Numbers;
}

/** Before, the step, after. */
function TheStep({ parameter, name, place, network }: OfWeight): JSX.Element {
  const { eta = 0 } = about.value?.settings ?? {};
  const count = about.value?.trainCount ?? 0;
  const { before: moment, taken } = nextStep.value ?? {};
  const before = (moment?.parameters ?? network)[parameter][place]!;
  const sum = taken?.gradients[parameter][place];
  const after = taken?.after[parameter][place];
  const step = sum === undefined ? undefined : (eta / count) * sum;
  const samples = count.toLocaleString('en');
  const inFigures = alike(step === undefined || step === 0 ? before : step);
  return (
    <>
      <dl class="before-after">
        <div>
          <dt>before</dt>
          <dd class="number">{inFigures(before)}</dd>
        </div>
        <div class={step !== undefined && step > 0 ? 'less' : 'more'}>
          <dt>
            the step, −<Formula of={`η/N · Σ`} />
          </dt>
          <dd class="number">{step === undefined ? '…' : signed(-step, inFigures)}</dd>
        </div>
        <div>
          <dt>after</dt>
          <dd class="number">{after === undefined ? '…' : inFigures(after)}</dd>
        </div>
      </dl>
      <div class="equation math">
        <span>
          <Formula of={`${name} − η/N · Σ ∂ℓ/∂${name}`} />
        </span>
        {sum !== undefined && after !== undefined ? (
          <>
            <span class="equals">
              = <Formula of={`${inFigures(before)} − ${plain(eta)}/${count} · ${factor(sum)}`} />
            </span>
            <span class="equals">
              = <Formula of={inFigures(after)} />
            </span>
          </>
        ) : (
          <span class="equals">… the next step is being computed</span>
        )}
      </div>
      <p class="about">
        Σ adds up the gradients of all {samples} training samples; the step is taken once, after the last of them.
      </p>
    </>
  );
}

/** What this one sample adds to the sum, with the chain's factors. */
function ThePart({ parameter, name, way, network }: Omit<OfWeight, 'place'> & { way: Way }): JSX.Element {
  const { factors, ways, product } = chainOf(parameter, way, network, cursor.value);
  const count = (about.value?.trainCount ?? 0).toLocaleString('en');
  const { unit } = cursor.value;
  const columns = (ways[0]?.factors ?? []).map((_, i) => alike(sizeOf(ways.map(({ factors }) => factors[i]!.number))));
  const inProducts = alike(sizeOf(ways.map(({ product }) => product)));
  return (
    <>
      <h4>{sample.value?.set === 'train' ? `This sample’s part: 1 of ${count}` : 'What this sample would add'}</h4>
      {sample.value?.set === 'test' && (
        <p class="about">A test sample has no part in the step: nothing is learned from it. It would add this.</p>
      )}
      <div class="equation math">
        <span>
          <Formula of={`∂ℓ/∂${name}`} />
        </span>
        <span class="equals">
          = <Formula of={factors.map(({ name }) => name).join(' · ')} />
        </span>
        <span class="equals">
          = <Formula of={factors.map(({ number }) => factor(number)).join(' · ')} />
        </span>
        <span class="equals">
          = <Formula of={figure(product)} />
        </span>
      </div>
      {ways.length > 0 && (
        <details>
          <summary>
            Where{' '}
            <span class="math">
              <Formula of={`∂ℓ/∂x_1[${unit}]`} />
            </span>{' '}
            comes from: ten ways through the second layer
          </summary>
          <div class="scrolls">
            <table>
              <thead>
                <tr>
                  <th scope="col">class</th>
                  {['2 (x_2 − t)', 'σ′(s_2)', `w_2[c,${unit}]`].map(formula => (
                    <th scope="col" class="math" key={formula}>
                      <Formula of={formula} />
                    </th>
                  ))}
                  <th scope="col">product</th>
                </tr>
              </thead>
              <tbody>
                {ways.map(({ factors, product }, c) => (
                  <tr key={c}>
                    <th scope="row" class="number">
                      {c}
                    </th>
                    {factors.map(({ name, number }, i) => (
                      <td class="number" key={name}>
                        {columns[i]!(number)}
                      </td>
                    ))}
                    <td class="number">{signed(product, inProducts)}</td>
                  </tr>
                ))}
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row" colSpan={4}>
                    added up
                  </th>
                  <td class="number">{signed(way.dl_dx1.numbers[unit]!, inProducts)}</td>
                </tr>
              </tfoot>
            </table>
          </div>
        </details>
      )}
    </>
  );
}

/** Moves the weight a little both ways. */
function TheCheck({ parameter, name, place, network }: OfWeight): JSX.Element {
  const { set, index, answer } = sample.value!;
  const of = `${name} ${set} ${index} ${seen.value?.step}`;
  const points = check.value?.of === of ? check.value.points : undefined;
  return (
    <div class="check">
      <button
        type="button"
        class="button"
        onClick={() => {
          const { x, target } = answer;
          check.value = { of, points: twoPointsOf(ours, network, { x, target }, { parameter, place }) };
        }}
      >
        Check the slope numerically
      </button>
      <div role="status">
        {points !== undefined && (
          <>
            <p>
              With this weight larger by <span class="number">{figure(points.step, 1)}</span> this sample’s loss is{' '}
              <span class="number">{points.above.toFixed(9)}</span>, smaller by as much it is{' '}
              <span class="number">{points.below.toFixed(9)}</span>. The difference divided by the{' '}
              <span class="number">{figure(2 * points.step, 1)}</span> between them:
            </p>
            <dl>
              <dt>the slope by two points</dt>
              <dd class="number">{figure(points.slope, 7)}</dd>
              <dt>the derivative</dt>
              <dd class="number">{figure(points.derivative, 7)}</dd>
            </dl>
          </>
        )}
      </div>
    </div>
  );
}
