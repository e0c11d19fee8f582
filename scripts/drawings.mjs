/**
 * Makes the drawings of docs/mathematics.md and docs/batch.md, all from computed numbers: `npm run drawings`. The same bits on every
 * machine give the same files; a test makes them again and compares.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  dsigma,
  forwardPass,
  initialParameters,
  loadData,
  loss,
  manualSeed,
  problemOf,
  sigma,
  tensor,
  train,
  wasmEngine,
} from '../dist/index.js';

const INK = '#24292f';
const FAINT = '#d0d7de';
const BLUE = '#2166ac';
const ORANGE = '#d6604d';
const GREY = '#6e7781';

const n = value => String(Math.round(value * 100) / 100);

/** A drawing on paper of its own, so that it can be read on a dark page too. */
function drawing(width, height, says, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Georgia, 'Times New Roman', serif" font-size="15" fill="${INK}" role="img">
<title>${says}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${parts.flat(Infinity).join('\n')}
</svg>
`;
}

const text = (x, y, words, { anchor = 'middle', fill = INK, size } = {}) =>
  `<text x="${n(x)}" y="${n(y)}" text-anchor="${anchor}" fill="${fill}"${size ? ` font-size="${size}"` : ''}>${words}</text>`;
const line = (x1, y1, x2, y2, colour = INK, width = 1, dash = '') =>
  `<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}" stroke="${colour}" stroke-width="${width}"${dash && ` stroke-dasharray="${dash}"`}/>`;
const curve = (points, colour, width = 2) =>
  `<polyline points="${points.map(([x, y]) => `${n(x)},${n(y)}`).join(' ')}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"/>`;
const dot = (x, y, colour, r = 4) => `<circle cx="${n(x)}" cy="${n(y)}" r="${r}" fill="${colour}"/>`;

/**
 * A field with axes: `at(x, y)` is where a point lies in the drawing. `ticks` are the numbers written beside the axes;
 * with `log` the y axis has decades.
 */
function field({ left, top, width, height, x: [x0, x1], y: [y0, y1], xTicks, yTicks, xName, yName, log = false }) {
  const up = log ? Math.log10 : value => value;
  const at = (x, y) => [
    left + ((x - x0) / (x1 - x0)) * width,
    top + height - ((up(y) - up(y0)) / (up(y1) - up(y0))) * height,
  ];
  const label = value =>
    log
      ? `10<tspan dy="-5" font-size="10">${n(Math.log10(value)).replace('-', '−')}</tspan>`
      : n(value).replace('-', '−');
  const axes = [
    yTicks.map(y => [
      line(left, at(x0, y)[1], left + width, at(x0, y)[1], FAINT),
      text(left - 8, at(x0, y)[1] + 5, label(y), { anchor: 'end', fill: GREY, size: 13 }),
    ]),
    xTicks.map(x => text(at(x, y0)[0], top + height + 18, n(x).replace('-', '−'), { fill: GREY, size: 13 })),
    line(left, top + height, left + width, top + height, INK),
    text(left + width, top + height + 36, xName, { anchor: 'end', fill: GREY, size: 14 }),
    text(left - 8, top - 12, yName, { anchor: 'start', fill: GREY, size: 14 }),
  ];
  return { at, axes };
}

const range = (from, to, count) => Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count);

/** The loss of the smallest network there is, one unit a layer, as its second weight changes. */
function slope() {
  const lossAt = w => {
    const [, , , , x2] = forwardPass(tensor([[1]]), tensor([0]), tensor([[w]]), tensor([0]), tensor([0.5]));
    return loss(x2, tensor([0.9])).item();
  };
  const { at, axes } = field({
    ...{ left: 60, top: 40, width: 520, height: 240, x: [0, 4], y: [0, 0.8] },
    ...{ xTicks: [0, 1, 2, 3, 4], yTicks: [0, 0.2, 0.4, 0.6, 0.8], xName: 'the weight w₂', yName: 'the loss ℓ' },
  });
  const h = 0.45;
  const gradient = (lossAt(1 + h) - lossAt(1 - h)) / (2 * h);
  const tangent = w => lossAt(1 - h) + gradient * (w - (1 - h));
  const [near, far] = [at(1 - h, lossAt(1 - h)), at(1 + h, lossAt(1 + h))];
  return drawing(620, 330, 'The slope of the loss at w₂ = 1, from two points beside it', [
    axes,
    curve(
      range(0, 4, 80).map(w => at(w, lossAt(w))),
      BLUE,
    ),
    curve(
      [0.2, 1.7].map(w => at(w, tangent(w))),
      ORANGE,
      1.5,
    ),
    line(near[0], near[1], near[0], far[1], GREY, 1, '3 3'),
    line(near[0], far[1], far[0], far[1], GREY, 1, '3 3'),
    dot(...near, ORANGE),
    dot(...far, ORANGE),
    dot(...at(1, lossAt(1)), BLUE),
    text(near[0] - 8, (near[1] + far[1]) / 2 + 5, 'rise', { anchor: 'end', fill: GREY, size: 14 }),
    text((near[0] + far[0]) / 2, far[1] + 17, 'run', { fill: GREY, size: 14 }),
    text(at(1.9, 0)[0], at(0, 0.5)[1], 'slope = rise / run: below 0,', { anchor: 'start', fill: ORANGE }),
    text(at(1.9, 0)[0], at(0, 0.43)[1], 'so a larger w₂ makes the loss smaller', { anchor: 'start', fill: ORANGE }),
  ]);
}

/** The network as a chain of values, forward above and backward below. */
function chain() {
  const names = ['x₀', 's₁', 'x₁', 's₂', 'x₂', 'ℓ'];
  const forward = ['w₁ x₀ + b₁', 'σ', 'w₂ x₁ + b₂', 'σ', '‖t − x₂‖²'];
  const backward = ['', '⊙ σ′(s₁)', 'w₂ᵀ', '⊙ σ′(s₂)', '2 (x₂ − t)'];
  const gaps = [130, 90, 130, 90, 120];
  const places = [50];
  for (const gap of gaps) places.push(places.at(-1) + gap);
  const y = 95;
  const arrow = (x1, x2, height, colour, words) => {
    const middle = (x1 + x2) / 2;
    const side = height < y ? -1 : 1;
    return [
      `<path d="M ${x1} ${y + side * 20} Q ${middle} ${height} ${x2} ${y + side * 20}" fill="none" stroke="${colour}" stroke-width="1.6" marker-end="url(#${colour === INK ? 'ink' : 'orange'})"/>`,
      text(middle, height + (side < 0 ? 4 : 6), words, { fill: colour, size: 14 }),
    ];
  };
  const head = (id, colour) =>
    `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M 0 0 L 8 4 L 0 8 z" fill="${colour}"/></marker>`;
  const derivative = name => `∂ℓ/∂${name}`;
  return drawing(680, 215, 'Forward from the input to the loss; backward, each slope made from the one after it', [
    `<defs>${head('ink', INK)}${head('orange', ORANGE)}</defs>`,
    forward.map((words, i) => arrow(places[i] + 12, places[i + 1] - 12, 40, INK, words)),
    backward.map((words, i) => words && arrow(places[i + 1] - 12, places[i] + 12, 155, ORANGE, words)).filter(Boolean),
    names.map((name, i) => [
      `<circle cx="${places[i]}" cy="${y}" r="19" fill="#fff" stroke="${INK}"/>`,
      text(places[i], y + 5, name, { size: 17 }),
      i === 0 || i === 5 ? '' : text(places[i], 197, derivative(name), { fill: ORANGE, size: 14 }),
    ]),
    text(20, 24, 'forward: values', { anchor: 'start', fill: GREY, size: 13 }),
    text(20, 160, 'backward: slopes', { anchor: 'start', fill: ORANGE, size: 13 }),
  ]);
}

/** tanh and its derivative. */
function tanh() {
  const { at, axes } = field({
    ...{ left: 60, top: 40, width: 520, height: 220, x: [-5, 5], y: [-1, 1] },
    ...{ xTicks: [-4, -2, 0, 2, 4], yTicks: [-1, -0.5, 0, 0.5, 1], xName: 's', yName: '' },
  });
  const of = f => range(-5, 5, 160).map(s => at(s, f(tensor([s])).item()));
  const shade = (from, to) => {
    const [[x1, top], [x2, bottom]] = [at(from, 1), at(to, -1)];
    return `<rect x="${n(x1)}" y="${n(top)}" width="${n(x2 - x1)}" height="${n(bottom - top)}" fill="#f6f1ee"/>`;
  };
  return drawing(620, 310, 'tanh and its derivative, which is almost 0 beyond ±3', [
    shade(-5, -3),
    shade(3, 5),
    axes,
    curve(of(sigma), BLUE),
    curve(of(dsigma), ORANGE),
    text(at(1.9, 0)[0], at(0, 0.72)[1], 'σ(s) = tanh s', { anchor: 'start', fill: BLUE }),
    text(at(-1.0, 0)[0], at(0, 0.62)[1], 'σ′(s) = 1 − tanh² s', { anchor: 'end', fill: ORANGE }),
    text(at(4, 0)[0], at(0, -0.3)[1], 'saturated', { fill: GREY, size: 14 }),
    text(at(-4, 0)[0], at(0, 0.35)[1], 'saturated', { fill: GREY, size: 14 }),
  ]);
}

const data = await loadData({ dataset: 'drawn', oneHotLabels: true, normalize: true, log: () => {} });
const problem = problemOf(data);

/** A training on the 1,000 drawn digits: its losses, and the size of w₂ before each step. */
async function trained({ epsilon = 1e-6, steps, nudge = 0 }) {
  manualSeed(0);
  const start = initialParameters({ inputs: 784, hidden: 50, classes: 10 }, epsilon);
  start.w1.select(0, 0).mul_(1 + nudge);
  const engine = await wasmEngine(problem, start);
  const losses = [];
  const sizes = [];
  const size = async () => (await engine.parameters()).w2.elements().reduce((sum, w) => sum + w * w, 0) ** 0.5;
  sizes.push(await size());
  for await (const { trainLoss } of train(engine, { steps })) {
    losses.push(trainLoss);
    sizes.push(await size());
  }
  await engine.dispose();
  return { losses, sizes };
}

/** Why the loss stands still for thirty steps: the weights grow all the while, from almost nothing. */
async function plateau() {
  const steps = 60;
  const [usual, larger] = [await trained({ steps }), await trained({ steps, epsilon: 1e-3 })];
  const left = field({
    ...{ left: 60, top: 40, width: 270, height: 200, x: [0, steps], y: [200, 850] },
    ...{ xTicks: [0, 20, 40, 60], yTicks: [200, 400, 600, 800], xName: 'step', yName: 'training loss' },
  });
  const right = field({
    ...{ left: 410, top: 40, width: 270, height: 200, x: [0, steps], y: [1e-6, 10], log: true },
    ...{ xTicks: [0, 20, 40, 60], yTicks: [1e-6, 1e-4, 1e-2, 1], xName: 'step', yName: 'size of w₂, ‖w₂‖' },
  });
  const of = ({ at }, values) => values.map((value, step) => at(step, value));
  return drawing(710, 290, 'The loss stands still while the weights grow by the same factor at every step', [
    left.axes,
    right.axes,
    curve(of(left, usual.losses), BLUE),
    curve(of(left, larger.losses), ORANGE),
    curve(of(right, usual.sizes), BLUE),
    curve(of(right, larger.sizes), ORANGE),
    text(left.at(33, 0)[0], left.at(0, 770)[1], 'ε = 10⁻⁶', { anchor: 'start', fill: BLUE, size: 14 }),
    text(left.at(4, 0)[0], left.at(0, 520)[1], 'ε = 10⁻³', { anchor: 'start', fill: ORANGE, size: 14 }),
  ]);
}

/** How far two trainings part whose starts differ in the last bit of one unit's weights. */
async function rounding() {
  const steps = 300;
  const [one, other] = [await trained({ steps }), await trained({ steps, nudge: 2 ** -23 })];
  const apart = one.losses.map((value, k) => Math.max(Math.abs(value - other.losses[k]) / value, 1e-9));
  const rises = one.losses.findIndex((value, k) => k > 0 && value > one.losses[k - 1] + 1e-3);
  const { at, axes } = field({
    ...{ left: 70, top: 40, width: 510, height: 220, x: [0, steps], y: [1e-9, 1], log: true },
    ...{
      xTicks: [0, 100, 200, 300],
      yTicks: [1e-9, 1e-6, 1e-3, 1],
      xName: 'step',
      yName: 'difference of the two losses, of the loss',
    },
  });
  const [x, top] = at(rises, 1);
  return {
    rises,
    svg: drawing(620, 310, 'How far two trainings part that begin with a difference of the last bit', [
      axes,
      line(x, top, x, top + 220, GREY, 1, '3 3'),
      text(x + 6, top + 14, `step ${rises}: the loss rises for the first time`, {
        anchor: 'start',
        fill: GREY,
        size: 14,
      }),
      curve(
        apart.map((value, step) => at(step, value)),
        BLUE,
        1.5,
      ),
    ]),
  };
}

/** One program, and behind what it sees the tensors of all samples. */
function batch() {
  const box = (x, y, width, height, colour, fill = '#fff') =>
    `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" stroke="${colour}" fill="${fill}"/>`;
  /** A tensor of each sample: one is seen, the others lie behind it. */
  const many = (x, y, width, name, shape) => [
    ...[4, 3, 2, 1].map(k => box(x + 5 * k, y - 5 * k, width, 30, FAINT)),
    box(x, y, width, 30, BLUE),
    text(x + width / 2, y + 20, name, { fill: BLUE }),
    text(x + width / 2, y + 47, shape, { size: 12, fill: GREY }),
  ];
  /** One for all of them. */
  const one = (x, y, width, name, shape) => [
    box(x, y, width, 30, INK),
    text(x + width / 2, y + 20, name),
    text(x + width / 2, y + 47, shape, { size: 12, fill: GREY }),
  ];
  const code = (y, words) =>
    `<text x="20" y="${n(y)}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14">${words}</text>`;
  const arrow = (x1, x2, y) => [line(x1, y, x2 - 5, y), `<path d="M${n(x2)} ${n(y)}l-8 -4v8z" fill="${INK}"/>`];
  const title = words => text(20, 30, words, { anchor: 'start', fill: GREY, size: 14 });
  return drawing(760, 380, 'Three lines for one sample, and what they come to for all of a thousand', [
    title('What is written for one sample'),
    text(330, 30, 'and what it is for a thousand', { anchor: 'start', fill: GREY, size: 14 }),
    code(95, 's1 = w1.mv(x)'),
    one(330, 75, 60, 'w1', '[50, 784]'),
    many(420, 75, 70, 'x', '[784]'),
    arrow(525, 570, 90),
    many(580, 75, 60, 's1', '[50]'),
    text(700, 95, '1,000 times', { size: 13, fill: GREY }),
    code(215, 'g = dlDs1.outer(x)'),
    many(330, 195, 60, 'dlDs1', '[50]'),
    many(430, 195, 70, 'x', '[784]'),
    text(535, 215, 'kept as these two', { anchor: 'start', size: 13, fill: GREY }),
    code(325, 'dlDw1.add_(g)'),
    many(330, 305, 60, 'dlDs1', '[50]'),
    many(430, 305, 70, 'x', '[784]'),
    arrow(535, 580, 320),
    one(590, 305, 60, 'dlDw1', '[50, 784]'),
    text(665, 325, 'one sum', { anchor: 'start', size: 13, fill: GREY }),
  ]);
}

const folder = fileURLToPath(new URL(process.argv[2] ?? '../docs/drawings/', import.meta.url));
mkdirSync(folder, { recursive: true });
const drawings = {
  'slope.svg': slope(),
  'chain.svg': chain(),
  'tanh.svg': tanh(),
  'plateau.svg': await plateau(),
  'rounding.svg': (await rounding()).svg,
  'batch.svg': batch(),
};
for (const [name, svg] of Object.entries(drawings)) writeFileSync(`${folder}/${name}`, svg);
