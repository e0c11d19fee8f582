import type { Tensor } from '../../../tensor/index.ts';
import type { TensorValue } from '../../protocol.ts';
import { isRight } from '../compare.ts';
import type { Draws } from '../draws.ts';
import { type Returned, tensorOf } from '../examinee.ts';
import { type Finding, failure, misbehaved, passed, placeOf, waiting } from '../finding.ts';
import type { Pass } from '../pass.ts';
import type { Sites } from './sites.ts';
import { argumentsFor, type SumStage, sumArguments, sumStages, sumsFor } from './stages.ts';

/**
 * Judges how the sums grow: by two samples, one after the other, into sums that do not start at zero.
 *
 * @param right the sums to which the right thing is added
 * @param remembers whether it is known already that the code keeps something from call to call
 */
export async function judgeAccumulation(
  pass: Pass,
  sites: Sites,
  { draws, right, remembers }: { draws: Draws; right: readonly SumStage[]; remembers: boolean },
): Promise<Finding> {
  const here = placeOf(pass.facts);
  if (right.length === 0) return waiting('accumulation', here, 'It waits for what is added to the sums.');
  const first = pass.draws[0]!;
  let sums = sumsFor(first, shape => draws.normal(shape));
  for (const [k, draw] of [first, draws.sample(first)].entries()) {
    const own = await pass.ask(draw);
    const afresh = k === 0 || remembers;
    if (!afresh)
      await pass.ask(first, {
        args: argumentsFor(
          first,
          sumsFor(first, shape => draws.normal(shape)),
        ),
      });
    const answer = await pass.ask(draw, { args: argumentsFor(draw, sums), afresh });
    for (const given of [own, answer])
      if (given.kind !== 'returned') return failure('accumulation', given, pass.facts, pass.examinee);
    const [added, after] = [own, answer] as [Returned, Returned];
    const grown = {} as Record<SumStage, Tensor>;
    for (const stage of sumStages) {
      const value = after.arguments[sumArguments[stage]];
      if (value?.kind !== 'tensor') return waiting('accumulation', here, 'It waits for what is added to the sums.');
      grown[stage] = tensorOf(value);
      const contribution = sites.sumIn(stage, added);
      if (!right.includes(stage) || contribution === undefined) continue;
      const wrong = growth(pass, sites, stage, sums[stage], tensorOf(contribution), value);
      if (wrong !== null) return wrong;
    }
    sums = grown;
  }
  return passed('accumulation', here);
}

/** What is wrong with a sum's growth, if anything is. */
function growth(
  pass: Pass,
  sites: Sites,
  stage: SumStage,
  start: Tensor,
  added: Tensor,
  after: TensorValue,
): Finding | null {
  if (isRight(after, start.add(added) as Tensor)) return null;
  const sum = sites.nameOf()(stage);
  const rebinding = sites.rebinding(stage);
  const place = rebinding ?? sites.place(stage);
  const is = (wanted: Tensor): boolean => isRight(after, wanted);
  const mistake = (id: string, fill = {}) =>
    misbehaved('accumulation', { file: place.file, line: place.line }, id, { sum, ...fill });
  if (is(start)) return mistake(rebinding === undefined ? 'sum-unchanged' : 'sum-rebound');
  const zeroing = pass.facts.changes[sum]?.find(({ method }) => /^(zero|fill)_$/.test(method));
  if (is(added) && zeroing !== undefined)
    return misbehaved('accumulation', { file: place.file, line: zeroing.line }, 'sum-zeroed', { sum, ...zeroing });
  if (is(added)) return mistake('sum-overwritten');
  if (is(start.mul(2).add(added) as Tensor)) return mistake('sum-doubled');
  if (is(added.sub(start) as Tensor)) return mistake('sum-negated');
  const rest = tensorOf(after).sub(added) as Tensor;
  const factor = rest.elements()[0]! / start.elements()[0]!;
  if (Number.isFinite(factor) && is(start.mul(factor).add(added) as Tensor))
    return mistake('sum-scaled', { factor: String(Number(factor.toPrecision(3))).replace('-', '−') });
  return mistake('sum-wrong');
}
