/** `longhand/prologue`: the practical's helper file. */
export {
  type ContactSheet,
  contactSheet,
  type DrawnDigits,
  type DrawnDigitsOptions,
  drawnDigits,
} from './drawn/index.ts';
export {
  convertToOneHotLabels,
  type DataSetName,
  type LoadedData,
  type LoadOptions,
  loadData,
  type OneHotData,
} from './load-data.ts';
export { generatePairSets, mnistToPairs, type PairSets, type Pairs } from './pairs.ts';
export { DataError, NoDataError, type Progress, type SetName } from './sets.ts';
