import { computed, effect, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { gridKey } from '../page/grid-keys.ts';
import { useVisible } from '../page/visible.ts';
import { confusion, readings } from '../state/confusion.ts';
import { moment } from '../state/trainer.ts';
import { chosenCell } from '../state/view.ts';
import { type Cell, strengthOf } from './confused.ts';
import './confusion.css';

const classes = computed(() => readings.value?.classes ?? 0);
const isWithoutData = computed(() => moment.value?.said.length === 0);

const isUntaught = computed(() => moment.value?.step === 0);

/** How many are misread, in words. */
const errorInWords = computed(() => {
  const [counts, many] = [confusion.value, classes.value];
  if (counts === undefined) return '';
  const total = readings.value!.said.length;
  let right = 0;
  for (let i = 0; i < many; i++) right += counts[i * many + i]!;
  const wrong = total - right;
  return `${wrong.toLocaleString('en')} of ${total.toLocaleString('en')} misread, ${((100 * wrong) / total).toFixed(1)}%`;
});

/** Which digits are taken for which. */
export function Confusion(): JSX.Element {
  return (
    <section class="panel confusion" aria-labelledby="confusion">
      <header>
        <h2 id="confusion">What is taken for what</h2>
        <span class="number">{errorInWords}</span>
      </header>
      {isWithoutData.value ? (
        <p class="about">
          The test digits of this run are not here, so nothing can be said of what each of them is taken for.
        </p>
      ) : (
        <>
          <p class="about">
            {isUntaught.value
              ? 'Nothing is learned yet: what is said is chance. Rows are what is true, columns what was said.'
              : 'Rows are what is true, columns what was said. Choose a cell to see its digits.'}
          </p>
          {classes.value > 0 && <Matrix classes={classes.value} />}
        </>
      )}
    </section>
  );
}

/** Shows the digits of a cell; of the one that is chosen already, all mistakes again. */
function choose(cell: Cell): void {
  const before = chosenCell.value;
  chosenCell.value = before?.label === cell.label && before.said === cell.said ? undefined : cell;
}

/** The cells. Only those whose count has changed are written to. */
function Matrix({ classes }: { classes: number }): JSX.Element {
  const table = useRef<HTMLTableElement>(null);
  const isVisible = useVisible(table);
  const focused = useSignal(0);
  const chosen = chosenCell.value;

  // a layout effect ends when the page is without what it writes into, and no moment later
  useLayoutEffect(() => {
    if (chosen !== undefined && Math.max(chosen.label, chosen.said) >= classes) chosenCell.value = undefined;
    if (focused.value >= classes ** 2) focused.value = 0;
    const cells = [...table.current!.querySelectorAll<HTMLButtonElement>('td button')];
    const errors = [...table.current!.querySelectorAll<HTMLTableCellElement>('td.error')];
    const written = new Int32Array(classes ** 2).fill(-1);
    const totals = new Uint32Array(classes);
    return effect(() => {
      const counts = confusion.value;
      if (!isVisible.value || counts?.length !== written.length || table.current === null) return;
      table.current.classList.toggle('crowded', Math.max(...counts) > 999);
      for (let label = 0; label < classes; label++) {
        const row = counts.subarray(label * classes, (label + 1) * classes);
        const total = row.reduce((sum, count) => sum + count, 0);
        const isOther = total !== totals[label];
        totals[label] = total;
        if (isOther || row[label] !== written[label * classes + label])
          errors[label]!.textContent = total === 0 ? '' : `${Math.round(100 - (100 * row[label]!) / total)}%`;
        for (const [said, count] of row.entries()) {
          const at = label * classes + said;
          if (count === written[at] && !isOther) continue;
          written[at] = count;
          const cell = cells[at]!;
          cell.textContent = count === 0 ? '' : String(count);
          cell.ariaLabel = `${label === said ? `${label} read right` : `${label} taken for ${said}`}: ${count}`;
          cell.dataset.strength = String(total === 0 ? 0 : strengthOf(count / total, label === said));
        }
      }
    });
  }, [classes]);

  const move = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') chosenCell.value = undefined;
    const to = gridKey(event, focused.value, classes ** 2, classes);
    if (to === undefined) return;
    event.preventDefault();
    focused.value = to;
    table.current!.querySelectorAll<HTMLButtonElement>('td button')[to]!.focus();
  };
  const digits = Array.from({ length: classes }, (_, digit) => digit);
  return (
    <table ref={table} class="number" onKeyDown={move}>
      <caption class="hidden-text">
        How many test digits of each kind (rows) are taken for each kind (columns), and how many of a row are misread
      </caption>
      <thead>
        <tr>
          <td />
          {digits.map(said => (
            <th scope="col" key={said}>
              <span class="hidden-text">said </span>
              {said}
            </th>
          ))}
          <th scope="col" class="error">
            error
          </th>
        </tr>
      </thead>
      <tbody>
        {digits.map(label => (
          <tr key={label}>
            <th scope="row">
              <span class="hidden-text">true </span>
              {label}
            </th>
            {digits.map(said => {
              const isChosen = chosen?.label === label && chosen.said === said;
              const at = label * classes + said;
              return (
                <td key={said}>
                  <button
                    type="button"
                    class={label === said ? 'right' : 'wrong'}
                    tabIndex={at === focused.value ? 0 : -1}
                    aria-pressed={isChosen}
                    onFocus={() => {
                      focused.value = at;
                    }}
                    onClick={() => {
                      choose({ label, said });
                    }}
                  />
                </td>
              );
            })}
            <td class="error" />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
