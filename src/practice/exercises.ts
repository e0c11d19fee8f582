import { files } from './exercises.generated.ts';
import type { FunctionName } from './protocol.ts';
import type { StageName } from './verdict.ts';

/** From a nudge, by the shapes, to what is nearly the answer. */
export type Hints = readonly [nudge: string, shapes: string, nearlyTheAnswer: string];

/** A piece of the practical that is written, checked and explained by itself. */
export interface Exercise {
  readonly name: FunctionName;
  readonly title: string;
  /** The file that it is written in. */
  readonly file: ExerciseFile;
  /** In the order in which they are judged, each with its own hints. */
  readonly stages: readonly { readonly name: StageName; readonly hints: Hints }[];
  /** Shown once it is passed: what was written, and why it is so. One paragraph: where its lines break says nothing. */
  readonly explanation: string;
}

/** The four sections of the practical. */
export const exerciseFiles = ['activation.ts', 'loss.ts', 'passes.ts', 'training.ts'] as const;
export type ExerciseFile = (typeof exerciseFiles)[number];

/** A file as it is handed out, every function still to be written. */
export const stubOf = (file: ExerciseFile): string => files[file]!.stub;

/** The same file, solved. */
export const solutionOf = (file: ExerciseFile): string => files[file]!.solution;

/** All exercises, in the order of the practical. */
export const exercises: readonly Exercise[] = [
  {
    name: 'sigma',
    title: 'The activation function',
    file: 'activation.ts',
    stages: [
      {
        name: 'sigma',
        hints: [
          'σ is the hyperbolic tangent of each component. A tensor can compute it by itself.',
          'Whatever shape x has, the result has the same one. Nothing is summed, nothing is multiplied.',
          'The function is called `tanh`: return what `tanh(x)` gives.',
        ],
      },
    ],
    explanation: `Without an activation function two layers would be no better than one: a matrix times a matrix is just
another matrix. tanh bends the line. Near 0 it lets a number pass almost unchanged; far from 0 it answers −1 or 1, whatever
comes. Written as (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ) it is the same function on paper, but in float32 eˣ overflows from
x = 89 on, and infinity divided by infinity is no number. \`tanh\` knows about that.`,
  },
  {
    name: 'dsigma',
    title: 'Its derivative',
    file: 'activation.ts',
    stages: [
      {
        name: 'dsigma',
        hints: [
          'How steep is tanh at x? Steepest at 0, where the slope is 1, and flat far away, where it is 0.',
          'The shape is that of x. What comes in is x itself, not tanh x, so tanh is still to be computed.',
          'σ′(x) = 1 − tanh² x: take `tanh(x)`, square it with `.pow(2)`, and subtract that from 1 with `sub(1, …)`.',
        ],
      },
    ],
    explanation: `The derivative says how much tanh x changes when x changes a little: 1 − tanh² x. At 0 it is 1; at x = 3 it
is already below 0.01, so that almost nothing of a correction comes through: the unit is saturated. There are other ways to
write it, 4 (eˣ + e⁻ˣ)⁻² or (1 − tanh x)(1 + tanh x), and all of them are right. In the backward pass the number tanh x has
been computed already: it is x₁, and 1 − x₁² is the same derivative.`,
  },
  {
    name: 'loss',
    title: 'The loss',
    file: 'loss.ts',
    stages: [
      {
        name: 'loss',
        hints: [
          'How far is the response from the target? Take the difference, square each component, add them up.',
          'v and t have the same shape; the result has none, it is one number: a tensor of shape [].',
          'Start with `sub(t, v)`, then `.pow(2)`, and end with `.sum()`. No mean, no root, no half.',
        ],
      },
    ],
    explanation: `One number that says how wrong the network is on one sample: 0 where the response is the target, and larger
the farther away it is. Squares make every difference count, whatever its sign, and large ones count most. They also have a
simple derivative, which comes next. It is the sum and not the mean: with the mean every gradient would be smaller by the
number of classes, and the size of the steps would not fit any more.`,
  },
  {
    name: 'dloss',
    title: 'The gradient of the loss',
    file: 'loss.ts',
    stages: [
      {
        name: 'dloss',
        hints: [
          'If one component of v grows a little, how much does the loss grow? Derive (vᵢ − tᵢ)² with respect to vᵢ.',
          'There is one derivative for each component of v, so the shape is that of v. Nothing is summed.',
          'The derivative of (vᵢ − tᵢ)² is 2 (vᵢ − tᵢ): the difference `sub(v, t)`, in this order, times 2.',
        ],
      },
    ],
    explanation: `The gradient points to where the loss grows. Where the response is too large, v − t is positive: a larger v
makes it worse. The order matters: 2 (t − v) points the other way, and every step would make the network worse. The sum of the
loss is gone, since each component of v appears in one of its terms only.`,
  },
  {
    name: 'forwardPass',
    title: 'The forward pass',
    file: 'passes.ts',
    stages: [
      {
        name: 's1',
        hints: [
          'Each hidden unit weighs all inputs and adds its bias: s₁ = w₁ x₀ + b₁.',
          'w1 is [H, D] and x is [D]: a matrix times a vector gives [H], and b1 is [H] too.',
          'A matrix times a vector is `w1.mv(x0)`; then `.add(b1)`.',
        ],
      },
      {
        name: 'x1',
        hints: [
          'The activation function is applied to what came out of the first layer.',
          's1 is [H], and x1 is [H] too.',
          'Call your own function on `s1`, and keep `s1` as it is: the backward pass needs both.',
        ],
      },
      {
        name: 's2',
        hints: [
          'The second layer does to x₁ what the first one did to x₀, with its own weights.',
          'w2 is [C, H] and x1 is [H]: the product is [C], as b2 is.',
          'It is the line of s1 with `w2`, `x1` and `b2`.',
        ],
      },
      {
        name: 'x2',
        hints: [
          'In this practical the last layer has the activation function, too.',
          's2 is [C], and x2, the response of the network, is [C].',
          'Call `sigma` on `s2`, and return all five: `[x0, s1, x1, s2, x2]`.',
        ],
      },
    ],
    explanation: `That is the whole network: twice weigh, add and bend. Of the ten numbers in x₂ the largest one is the answer.
All five values are returned, although only the last one is the answer, because the backward pass asks for the others: how
steep was tanh at s₁? What was x₁, that w₂ was multiplied by? What is computed once need not be computed again.`,
  },
  {
    name: 'backwardPass',
    title: 'The backward pass',
    file: 'passes.ts',
    stages: [
      {
        name: 'dl_dx2',
        hints: [
          'Begin where the loss is computed: how does it change with the response x₂?',
          'x2 and t are [C], and so is the derivative.',
          'It is your `dloss`, with the response first and the target second.',
        ],
      },
      {
        name: 'dl_ds2',
        hints: [
          'x₂ is σ(s₂), component by component: the chain rule multiplies by σ′, at what σ was given.',
          'Everything here is [C]: component by component, no matrix.',
          'Multiply dl_dx2 with `.mul` by `dsigma(s2)`. It is s2, not x2.',
        ],
      },
      {
        name: 'dl_dx1',
        hints: [
          'Component j of x₁ went into every s₂ᵢ, weighed by w₂ᵢⱼ. So its derivative is the sum of what comes back along all of these.',
          'dl_ds2 is [C], dl_dx1 must be [H], and w2 is [C, H]: which way round must it be?',
          'The transpose does it: `w2.t()` is [H, C], and `.mv(…)` of dl_ds2 gives [H].',
        ],
      },
      {
        name: 'dl_ds1',
        hints: [
          'The same step as from x₂ to s₂, one layer further down.',
          'dl_dx1 and s1 are [H], and so is dl_ds1.',
          'Multiply dl_dx1 with `.mul` by `dsigma(s1)`.',
        ],
      },
      {
        name: 'dl_dw2',
        hints: [
          'The weight w₂ᵢⱼ is multiplied by x₁ⱼ and goes into s₂ᵢ. So its derivative is ∂ℓ/∂s₂ᵢ · x₁ⱼ.',
          'dl_ds2 is [C], x1 is [H], and w2 is [C, H]: a number for each pair. A column times a row.',
          '`dlDs2.outer(x1)` is that product; add it to the sum with `dlDw2.add_(…)`.',
        ],
      },
      {
        name: 'dl_db2',
        hints: [
          'The bias is added to s₂ as it is. If it grows by a little, so does s₂.',
          'b2 and s2 are [C].',
          'The derivative is dl_ds2 itself: `dlDb2.add_(…)`.',
        ],
      },
      {
        name: 'dl_dw1',
        hints: [
          'As in the second layer: what came in, times what comes back.',
          'dl_ds1 is [H], x is [D], and w1 is [H, D].',
          'A column dl_ds1 times a row x, with `outer`, added to `dlDw1` in place.',
        ],
      },
      {
        name: 'dl_db1',
        hints: [
          'As in the second layer.',
          'b1 and s1 are [H].',
          'The derivative is dl_ds1 itself, added to `dlDb1` in place.',
        ],
      },
      {
        name: 'accumulation',
        hints: [
          'The four last arguments are sums over all samples: this sample is added to what is there already.',
          'Each sum has the shape of its parameter, and keeps it.',
          '`dlDw2 = …` only gives the name another tensor, and the caller sees nothing of it: write `dlDw2.add_(…)`.',
        ],
      },
    ],
    explanation: `This is backpropagation, and there is no more to it. Each line undoes one line of the forward pass, from the
last one to the first one, and asks: if this value grew a little, what would that do to the loss? Through tanh it multiplies by
the slope, through a matrix it goes back by the transpose, and a weight gets what came in times what came back. Nothing is
computed twice: dl_ds2 serves w₂, b₂ and all that lies below. That is why the way back costs about twice as much as the way
forth, however many weights there are.`,
  },
  {
    name: 'train',
    title: 'The training',
    file: 'training.ts',
    stages: [
      {
        name: 'step',
        hints: [
          'A step: set the sums to zero, add up the gradients of all training samples, then move each parameter against its gradient.',
          'The four sums have the shapes of the four parameters. η is 0.1 divided by the number of training samples.',
          'After the loop over the samples: `w1.sub_(dlDw1.mul(eta))`, and so on for the other three.',
        ],
      },
      {
        name: 'loop',
        hints: [
          'Training loss and training error come from the weights before the step, the test error from those after it.',
          'The class of a response is where its largest component is; it is wrong where the target there is below 0.5.',
          'After the step run `forwardPass` over the test samples and compare with `testTarget`; then print `k` and the four numbers with `toFixed(2)`.',
        ],
      },
    ],
    explanation: `Gradient descent: ask every sample which way is downhill, add up the answers, and take one small step. With
these tiny first weights it looks for some thirty steps as if nothing happened: all the network has learned is how often each
digit comes. Then the weights have grown enough for the gradients to see a difference between the samples, and the loss falls. A
falling loss proves little: of the usual mistakes in a backward pass most still train. That is why every line was checked by
itself before.`,
  },
];

/** The definition of a function in the solution of its file, without what belongs to the others. */
export function solutionTextOf(name: FunctionName): string {
  const { file } = exercises.find(exercise => exercise.name === name)!;
  return definitionIn(solutionOf(file), name);
}

/** A function's definition in a file of ours, from its `export` on. */
function definitionIn(text: string, name: FunctionName): string {
  const from = text.indexOf(`export const ${name}:`);
  const to = text.indexOf('\n};\n', from) + '\n};\n'.length;
  return text.slice(from, to);
}

/** What stands above a function in the file that is handed out, as plain text: what it computes, and its shapes. */
export function taskOf({ name, file }: Exercise): string {
  const above = stubOf(file).split(`export const ${name}:`)[0]!;
  const comment = above.slice(above.lastIndexOf('/**') + '/**'.length, above.lastIndexOf('*/'));
  return comment.replaceAll(/^ \* ?/gm, '').trim();
}
