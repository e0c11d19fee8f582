import type { Misconduct } from './mistake.ts';

/** What goes wrong in the training: seen in the calls of the two passes, in the sums and weights, and in the log. */
export const mistakesInTraining: Misconduct = {
  // ————— a gradient step —————
  'no-passes': '`{function}` never calls forwardPass and backwardPass with a training sample.',
  'no-backward-pass': '`{function}` calls forwardPass but never backwardPass: nothing is learned.',
  'wrong-size': '`{name}` has {theirs} entries where {right} are wanted: the network is 784-50-10.',
  'weights-zero':
    '`{name}` starts at zero: it is drawn from N(0, ε) with ε = 1e-6. Where all weights are zero, all hidden units stay the same.',
  'weights-not-set': '`{name}` starts as NaN: `empty` holds no values yet; draw them with `.normal_(0, 1e-6)`.',
  'weights-too-large': 'The weights start with a standard deviation of about {theirs}: ε is 1e-6. Is it forgotten?',
  'weights-uniform':
    'The weights are drawn uniformly; the practical draws them from a normal distribution: `.normal_(0, 1e-6)`.',
  'epsilon-wrong':
    'The weights start with a standard deviation of about {theirs}: ε is 1e-6, and it is the standard deviation, not the variance.',
  'zeta-forgotten': 'The targets are 0 and 1 as they come; multiply them by ζ = 0.9, which tanh can reach.',
  'targets-minus-one': 'The targets are −{theirs} and {theirs}; in this practical they are 0 and 0.9.',
  'zeta-wrong': 'The targets are 0 and {theirs}; with ζ = 0.9 they are 0 and 0.9.',
  'targets-not-one-hot':
    'The target that a pass is given is not one-hot: it is 0.9 at the class of the sample and 0 elsewhere.',
  'target-of-another-sample': 'A pass is given the target of another sample: x and t are rows of the same number.',
  'trains-on-the-test-set': 'backwardPass is called with test samples: nothing may be learned from these.',
  'samples-left-out': 'A step uses {theirs} of the {right} training samples; it is the gradient over all of them.',
  'samples-twice': 'A step uses {theirs} backward passes for {right} training samples: each is used once.',
  'values-of-another-sample':
    'backwardPass is not given what forwardPass gave for this very sample: {names} are others.',
  'sums-not-set': '`{name}` starts as NaN: `empty` holds no values yet; begin with `zeros`.',
  'sums-never-zeroed':
    'The sums still hold the gradients of the step before: set them to zero at the start of each step.',
  'sums-not-all-zeroed':
    '`{name}` still holds the gradient of the step before: set it to zero at the start of each step.',
  'sums-zeroed-per-sample':
    'The sums are set to zero for each sample, so that only the last sample counts: do it once a step, before the loop over the samples.',
  'sums-lost': 'Between two samples `{name}` changes: leave the sums alone until the step is taken.',
  'step-per-sample':
    'The weights change after each sample: add up the gradients of all samples first, then take one step.',
  'no-step': 'The weights never change: {why}.',
  'not-updated': '`{name}` never changes: {why}.',
  uphill: '`{name}` goes up the slope: the step is w − η ∂ℓ/∂w, with a minus.',
  'eta-not-divided': 'The step size is 0.1: it is η = 0.1 / N, with N the number of training samples.',
  'eta-divided-twice': 'The gradient is divided by the number of samples twice: η = 0.1 / N is enough.',
  'eta-by-test-count':
    'The step size is 0.1 divided by the number of test samples; N is the number of training samples.',
  'eta-wrong': 'The step size for `{name}` is {theirs}; with {count} training samples it is 0.1 / {count} = {right}.',
  'step-of-another-gradient': '`{name}` does not change by −η times its own sum, `{sum}`.',

  // ————— the loop —————
  'prints-nothing': '`{function}` prints nothing: one line is wanted after each step.',
  'console-for-print':
    '`{function}` writes to the console: what counts are the lines that `print` is given, `print(…)`.',
  'steps-not-heeded':
    '{theirs} lines are printed for {right} steps: the loop does not heed `steps`, which `{function}` is given.',
  'one-step-too-few':
    '{theirs} lines are printed for {right} steps: the loop ends a step too early, or begins a step too late.',
  'one-step-too-many': '{theirs} lines are printed for {right} steps: the loop goes on for a step too many.',
  'wrong-number-of-lines': '{theirs} lines are printed for {right} steps; one line is wanted after each step.',
  'counts-from-one': 'The first line says step {theirs}; steps are counted from 0.',
  'counts-wrongly': 'Line {number} says step {theirs} where {right} is right.',
  'log-format': 'A line reads "{theirs}"; wanted is "{right}".',
  'loss-of-the-last-sample': 'acc_train_loss is that of the last sample only: add up the losses of all of them.',
  'loss-averaged': 'acc_train_loss is the mean over the samples; the practical prints their sum.',
  'loss-never-reset': 'acc_train_loss goes on growing over the steps: it begins at 0 in each step.',
  'loss-halved': 'acc_train_loss is half of what it should be.',
  'loss-after-the-update':
    'acc_train_loss comes from the weights after the step; the practical takes it from the passes before it.',
  'loss-wrong':
    'In step {step} acc_train_loss is {theirs} where {right} is right: the sum of the losses of all training samples.',
  'error-not-in-percent':
    '{name} is a fraction; the practical prints percent: 100 times the errors, divided by the samples.',
  'error-counted': '{name} is the number of errors; the practical prints percent.',
  'accuracy-for-error': '{name} is the share of the right answers; the practical prints that of the wrong ones.',
  'error-never-reset': '{name} goes on growing over the steps: it begins at 0 in each step.',
  'error-by-the-wrong-count': '{name} is divided by the number of samples of the other set.',
  'error-always':
    '{name} is 100% throughout: every answer counts as wrong. Are two numbers that are rounded differently compared for equality? Ask whether the target is < 0.5.',
  'error-never':
    '{name} is 0% throughout: no answer counts as wrong. An error is where the target of the class with the largest response is < 0.5.',
  'errors-swapped': 'The training error and the test error have changed places.',
  'train-error-after-the-update':
    'acc_train_error comes from the weights after the step; the practical takes it from the passes before it.',
  'train-error-wrong': 'In step {step} acc_train_error is {theirs}% where {right}% is right.',
  'no-test-pass':
    'forwardPass is never called with a test sample after the step, so that the test error cannot be known.',
  'test-samples-left-out': 'After a step {theirs} of the {right} test samples are looked at.',
  'test-error-before-the-update':
    'The test error comes from the weights before the step; the practical takes it from those after it.',
  'test-error-of-training-targets': 'The answers to the test samples are compared with the training targets.',
  'test-error-of-training-samples': 'The test error is that of the training samples.',
  'smallest-for-largest': '{name} takes the class with the smallest response; it is the one with the largest.',
  'test-error-wrong': 'In step {step} test_error is {theirs}% where {right}% is right.',
};
