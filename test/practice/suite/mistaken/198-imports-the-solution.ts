// stage: sigma
// mistake: the answer is imported
// mentions: longhand
// kind: syntax

export { sigma, dsigma, loss, dloss, forwardPass, backwardPass } from 'longhand';
