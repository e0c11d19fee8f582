/** `longhand/prologue`: the practical's helper file. */
export { convertToOneHotLabels, type LoadedData, type LoadOptions, loadData, type OneHotData } from './load-data.ts';
export { generatePairSets, mnistToPairs, type PairSets, type Pairs } from './pairs.ts';
export { DataError, type SetName } from './sets.ts';
