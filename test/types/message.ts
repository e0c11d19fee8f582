import { zeros } from '../../dist/index.js';

// Not as expected errors: the test reads what the compiler says here.
zeros(50).add(zeros(10));
const w1 = zeros(50, 784);
zeros(784).add_(w1);
