// stage: dl_dx2
// mistake: t and x are exchanged among the parameters
// mentions: order | parameter | exchang | changed places
// kind: crash

import { sub } from 'longhand/tensor';

export const sigma = (x: any) => { return x.tanh(); };

export const dsigma = (x: any) => {
  const s = sigma(x);
  return sub(1, s).mul(s.add(1)); // (1 - s)(1 + s)
};

export const loss = (predicted: any, wanted: any) => {
  const error = predicted.sub(wanted);
  return error.mul(error).sum();
};

export const dloss = (predicted: any, wanted: any) => {
  const error = predicted.sub(wanted);
  return error.add(error); // 2 (v - t)
};

export const forward_pass = (w1: any, b1: any, w2: any, b2: any, input: any) => {
  const pre1 = w1.mv(input).add(b1);
  const post1 = sigma(pre1);
  const pre2 = w2.mv(post1).add(b2);
  const post2 = sigma(pre2);
  return [input, pre1, post1, pre2, post2];
};

export const backward_pass = (
  w1: any, b1: any, w2: any, b2: any, input: any, wanted: any, pre1: any, post1: any, pre2: any, post2: any,
  sum_w1: any, sum_b1: any, sum_w2: any, sum_b2: any,
) => {
  const g_post2 = dloss(post2, wanted);
  const g_pre2 = g_post2.mul(sub(1, post2.pow(2)));
  const g_post1 = w2.t().mm(g_pre2.view(-1, 1)).view(-1);
  const g_pre1 = g_post1.mul(sub(1, post1.pow(2)));

  sum_w2.add_(g_pre2.view(-1, 1).mm(post1.view(1, -1)));
  sum_b2.add_(g_pre2);
  sum_w1.add_(g_pre1.view(-1, 1).mm(input.view(1, -1)));
  sum_b1.add_(g_pre1);
};
