/**
 * A hand: takes a digit's key shapes and writes the digit once, never twice the same.
 *
 * The numbers that say how far a hand strays, like the shapes themselves, were chosen by two things: the averages of
 * MNIST's training set (ink, width, slant, mean picture of a class), and how much of that set a network reads that was
 * trained on drawn digits alone. Less variety reads less of it; more makes digits that nobody can read.
 */

import { exp, sin } from '../../tensor/math.ts';
import type { Random } from './random.ts';
import { digits, type Family, type Shape, type Stroke } from './strokes.ts';

/** What the pen leaves: a chain of points, each with the pen's radius there. */
export interface Trace {
  readonly x: number[];
  readonly y: number[];
  /** In units of a pixel of the finished digit. */
  readonly radius: number[];
  /** Whether the pen was down on the way to this point from the one before it. */
  readonly down: boolean[];
}

/** How much of the points' straying, and of the elastic deformation, each digit from 0 to 9 gets. */
const looseness = [0.4, 0.5, 1, 1, 0.9, 1, 0.7, 1, 0.7, 0.7];
const elasticity = [0.8, 0.5, 1, 1, 1, 1, 0.9, 1, 0.9, 1];

/** How thick the pen is for each digit: in MNIST, where all are brought to one size, a zero is bolder than a four. */
const boldness = [1.1, 1.1, 1, 1.05, 0.94, 0.98, 1, 1.04, 1, 0.94];

const PIECES = 6; // straight pieces from one point of a stroke to the next

/** Writes the digit `label`. The trace's height is about 1 and its middle about (0, 0). */
export function write(label: number, random: Random): Trace {
  const shape = wander(blend(choose(digits[label]!, random), random), 0.045 * looseness[label]!, random);
  const trace = ink(shape, boldness[label]!, random);
  bend(trace, 0.063 * elasticity[label]!, random);
  lean(trace, random);
  return trace;
}

function choose(families: readonly Family[], random: Random): Family {
  let left = random.uniform();
  for (const family of families) {
    left -= family.share;
    if (left < 0) return family;
  }
  return families[families.length - 1]!;
}

/** A mean of the family's key shapes with weights from Dirichlet's distribution, all parameters 1. */
function blend({ shapes }: Family, random: Random): Shape {
  const weights = shapes.map(() => random.exponential());
  const total = weights.reduce((sum, weight) => sum + weight);
  const mean = (of: (shape: Shape) => number) =>
    shapes.reduce((sum, shape, k) => sum + weights[k]! * of(shape), 0) / total;
  return shapes[0]!.map((stroke, s) => ({
    x: stroke.x.map((_, i) => mean(shape => shape[s]!.x[i]!) - 0.5),
    y: stroke.y.map((_, i) => mean(shape => shape[s]!.y[i]!) - 0.5),
    corner: stroke.corner,
  }));
}

/** Moves each point by about `distance`, a point much as the one before it: a hand errs smoothly. */
function wander(shape: Shape, distance: number, random: Random): Shape {
  const KEPT = 0.7; // correlation of one point with the next
  const fresh = Math.sqrt(1 - KEPT * KEPT);
  return shape.map(({ x, y, corner }) => {
    let dx = random.normal();
    let dy = random.normal();
    const moved = { x: [...x], y: [...y], corner };
    for (let i = 0; i < x.length; i++) {
      moved.x[i]! += distance * dx;
      moved.y[i]! += distance * dy;
      dx = KEPT * dx + fresh * random.normal();
      dy = KEPT * dy + fresh * random.normal();
    }
    return moved;
  });
}

/** Runs a pen along the strokes: curves through their points, and a pressure that changes on the way. */
function ink(shape: Shape, bold: number, random: Random): Trace {
  const trace: Trace = { x: [], y: [], radius: [], down: [] };
  const radius = Math.min(2.3, Math.max(0.7, 1.19 * bold * exp(0.27 * random.normal())));
  const turns = 1.5 * random.uniform(); // how often the pressure swells on the way along a stroke
  for (const stroke of shape) {
    const phase = random.uniform();
    const spans = stroke.x.length - 1;
    for (let step = 0; step <= spans * PIECES; step++) {
      const span = Math.min(Math.floor(step / PIECES), spans - 1);
      const t = step / PIECES - span;
      trace.x.push(along(stroke, stroke.x, span, t));
      trace.y.push(along(stroke, stroke.y, span, t));
      trace.radius.push(radius * (1 + 0.2 * sin(2 * Math.PI * (phase + (turns * step) / (spans * PIECES)))));
      trace.down.push(step > 0);
    }
  }
  return trace;
}

/**
 * A coordinate of the curve of Catmull and Rom at t in [0, 1] of the span from point `span` to the next. At a corner, as
 * at an end of the stroke, the curve knows nothing of the points beyond.
 */
function along({ corner }: Stroke, p: readonly number[], span: number, t: number): number {
  const from = p[span]!;
  const to = p[span + 1]!;
  const before = span === 0 || corner[span] ? from : p[span - 1]!;
  const after = span + 2 === p.length || corner[span + 1] ? to : p[span + 2]!;
  const leave = (to - before) / 2;
  const arrive = (after - from) / 2;
  const bow = from - to;
  return from + t * (leave + t * (-3 * bow - 2 * leave - arrive + t * (2 * bow + leave + arrive)));
}

/** Elastic deformation: moves every point by a sum of three waves along each axis, each about `amplitude` high. */
function bend({ x, y }: Trace, amplitude: number, random: Random): void {
  const FREQUENCY = 2 * Math.PI * 0.6; // deviation of each component, in radians per height
  const moves = [new Float64Array(x.length), new Float64Array(x.length)] as const;
  for (const move of moves) {
    for (let wave = 0; wave < 3; wave++) {
      const u = FREQUENCY * random.normal();
      const v = FREQUENCY * random.normal();
      const phase = 2 * Math.PI * random.uniform();
      const height = amplitude * random.normal();
      for (let i = 0; i < move.length; i++) move[i]! += height * sin(u * x[i]! + v * y[i]! + phase);
    }
  }
  for (let i = 0; i < x.length; i++) {
    x[i]! += moves[0][i]!;
    y[i]! += moves[1][i]!;
  }
}

/** Shifts the waist up or down, then stretches, turns and slants. */
function lean({ x, y }: Trace, random: Random): void {
  const waist = 0.054 * random.normal();
  const aspect = exp(0.126 * random.normal());
  const turn = 0.117 * random.normal();
  const sine = sin(turn);
  const cosine = Math.sqrt(1 - sine * sine);
  const slant = 0.12 + 0.225 * random.normal();
  for (let i = 0; i < x.length; i++) {
    const across = x[i]! * aspect;
    const down = y[i]! + waist * (1 - 4 * y[i]! * y[i]!); // the ends stay where they are
    y[i] = sine * across + cosine * down;
    x[i] = cosine * across - sine * down - slant * y[i]!;
  }
}
