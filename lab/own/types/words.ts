import ts from 'typescript-5.4';
import { nearest } from '../../../src/practice/answerer/nearest.ts';

/** A compiler's message as a beginner can read it: where, and in one sentence with the shapes in it. */
export interface InWords {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** Says a diagnostic as Longhand speaks of shapes. */
export function inWords(diagnostic: ts.Diagnostic, source: ts.SourceFile, program: ts.Program): InWords {
  const { start = 0, length = 0, code } = diagnostic;
  const at = { from: start, to: start + length };
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
  const node = nodeAt(source, at.from, at.to);
  const checker = program.getTypeChecker();
  const written = source.text.slice(at.from, at.to);
  const said =
    node === undefined
      ? undefined
      : (sayOfOrder(code, written) ??
        sayOfArgument(node, text, checker) ??
        sayOfResult(node, text) ??
        sayOfName(code, node, written, checker, program) ??
        sayOfOperator(code, node));
  return { ...at, message: plain(text.split('\n')[0]!), ...said };
}

type Said = { readonly message: string } & Partial<InWords>;

const quoted = (node: ts.Node): string => {
  const text = node.getText().replace(/\s+/g, ' ');
  return `\`${text.length <= 40 ? text : `${text.slice(0, 39)}…`}\``;
};

/** `[C, H]` of a tensor's type, as the compiler writes types; a letter of its own is a shape that may be any. */
const shapeIn = (type: string): string | undefined =>
  /^Tensor<(.*)>$/.exec(plainType(type))?.[1]?.replace(/\bnumber\b/g, 'any');

/** Types without what the compiler needs and nobody reads. */
function plainType(type: string): string {
  let text = type.replace(/import\("[^"]*"\)\./g, '');
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/NoInfer<([^<>]*(?:<[^<>]*>)?[^<>]*)>/g, '$1');
  }
  return text;
}

const plain = (message: string): string => {
  const text = plainType(message).replace(/'([^']*)'/g, (_, quote: string) => `\`${quote}\``);
  return text.replace(/Tensor<(\[[^\]]*\])>/g, 'a tensor $1').replace(/`a tensor (\[[^\]]*\])`/g, 'a tensor $1');
};

const typeOf = (node: ts.Node, checker: ts.TypeChecker): string =>
  checker.typeToString(checker.getTypeAtLocation(node), undefined, ts.TypeFormatFlags.NoTruncation);

/** Something of a shape that does not fit is given to a function, or to one of a tensor's own. */
function sayOfArgument(node: ts.Node, text: string, checker: ts.TypeChecker): Said | undefined {
  const call = node.parent;
  if (!ts.isCallExpression(call) || !call.arguments.includes(node as ts.Expression)) return undefined;
  const given = shapeIn(typeOf(node, checker));
  const { expression } = call;
  if (ts.isPropertyAccessExpression(expression)) {
    const method = expression.name.text;
    const receiver = expression.expression;
    const own = shapeIn(typeOf(receiver, checker));
    if (own === undefined || given === undefined) return undefined;
    const both = `${quoted(receiver)} is ${own} and ${quoted(node)} is ${given}`;
    const wanted = wantedBy(text);
    if (text.startsWith('No overload')) {
      if (method.endsWith('_'))
        return { message: `${both}, which does not fit into it: \`${method}\` keeps the shape.` };
      return { message: `${both}: \`${method}\` wants the same shape, or one that broadcasts.` };
    }
    return { message: `${both}: \`${method}\` wants ${wanted ?? 'another shape'} here.` };
  }
  const wanted = wantedBy(text);
  if (given === undefined || wanted === undefined) return undefined;
  return { message: `${quoted(node)} is ${given}, where ${quoted(expression)} wants ${wanted}.` };
}

/** The shape of the parameter that an argument does not fit. */
function wantedBy(text: string): string | undefined {
  const [, type] = /to parameter of type '([^\n]*)'\./.exec(text) ?? [];
  return type === undefined ? undefined : shapeIn(type);
}

/** A function gives what it is not to give. */
function sayOfResult(node: ts.Node, text: string): Said | undefined {
  const declaration = node.parent;
  const pairs = [...text.matchAll(/^ *Type '(.*)' is not assignable to type '(.*)'\.$/gm)];
  const isWhole = ts.isVariableDeclaration(declaration) && declaration.name === node;
  const last = isWhole && declaration.initializer ? lastReturnOf(declaration.initializer) : undefined;
  const where = last === undefined ? {} : { from: last.getStart(), to: last.end };
  const ofFive = pairs.find(([, , wanted]) => wanted!.startsWith('[x0:'));
  if (ofFive !== undefined && isWhole) {
    const wanted = '[x0, s1, x1, s2, x2]';
    if (ofFive[1] === 'void') return { message: `It returns nothing, where ${wanted} is wanted.` };
    const inner = pairs.slice(pairs.indexOf(ofFive) + 1).find(([, is, to]) => shapeIn(is!) && shapeIn(to!));
    if (inner !== undefined)
      return { ...where, message: `One of the five is ${shapeIn(inner[1]!)}, where ${shapeIn(inner[2]!)} is wanted.` };
    const count = /Source has (\d+) element/.exec(text)?.[1];
    const items = ofFive[1]!.startsWith('[') ? `a list of ${count ?? 'others'}` : whatIs(ofFive[1]!);
    return { ...where, message: `It returns ${items}, where the five tensors ${wanted} are wanted.` };
  }
  const tensors = pairs.find(([, is, wanted]) => shapeIn(is!) !== undefined && shapeIn(wanted!) !== undefined);
  if (tensors !== undefined) {
    const [, is, wanted] = tensors.map(type => shapeIn(type)) as [unknown, string, string];
    const one = wanted === '[]' ? ', one number,' : '';
    const what = quoted(last?.expression ?? node);
    return { ...where, message: `${what} is ${shapeInWords(is)}, where ${shapeInWords(wanted)}${one} is wanted.` };
  }
  const other = pairs.find(([, , wanted]) => shapeIn(wanted!) !== undefined);
  if (other === undefined) return undefined;
  return { message: `This is ${whatIs(other[1]!)}, where a tensor of ${shapeInWords(shapeIn(other[2]!)!)} is wanted.` };
}

/** A letter in place of a list of lengths: as many as come in. */
const shapeInWords = (shape: string): string => (/^\w+$/.test(shape) ? `the shape ${shape} of what comes in` : shape);

const whatIs = (type: string): string => {
  const shape = shapeIn(type);
  if (shape !== undefined) return `a tensor of shape ${shape}`;
  return type === 'void' || type === 'undefined'
    ? 'nothing'
    : /^(number|string|boolean)$/.test(type)
      ? `a ${type}`
      : `\`${plainType(type)}\``;
};

function lastReturnOf(node: ts.Node): ts.ReturnStatement | undefined {
  let last: ts.ReturnStatement | undefined;
  const look = (child: ts.Node): void => {
    if (ts.isReturnStatement(child)) last = child;
    if (!ts.isFunctionLike(child) || child === node) ts.forEachChild(child, look);
  };
  look(node);
  return last;
}

const sayOfOrder = (code: number, written: string): Said | undefined =>
  code === 2448 || code === 2454 ? { message: `\`${written}\` is used here before it has a value.` } : undefined;

/** A name that is not there. */
function sayOfName(
  code: number,
  node: ts.Node,
  written: string,
  checker: ts.TypeChecker,
  program: ts.Program,
): Said | undefined {
  if (code === 2339 || code === 2551) {
    if (!ts.isPropertyAccessExpression(node.parent)) return undefined;
    const type = checker.getTypeAtLocation(node.parent.expression);
    if (type.getCallSignatures().length > 0) {
      const called = quoted(node.parent.expression);
      return { message: `${called} is a function: brackets call it, ${called.slice(0, -1)}()\`.` };
    }
    if (shapeIn(checker.typeToString(type)) === undefined) return undefined;
    const near = nearest(
      written,
      type.getProperties().map(({ name }) => name),
    );
    return { message: `A tensor has no \`${written}\`${near === undefined ? '.' : `; is \`${near}\` meant?`}` };
  }
  if (code === 2554 && ts.isCallExpression(node.parent)) {
    const { expression, arguments: given } = node.parent;
    const [signature] = checker.getTypeAtLocation(expression).getCallSignatures();
    const wants = signature?.parameters.map(({ name }) => name).join(', ');
    return { message: `${quoted(expression)} wants (${wants}); here it is given ${given.length} of them.` };
  }
  if (code === 2304 || code === 2552) {
    const tensor = program.getSourceFile('/types/longhand/tensor/index.d.ts');
    const module = tensor && checker.getSymbolAtLocation(tensor);
    const exported = module === undefined ? [] : checker.getExportsOfModule(module).map(({ name }) => name);
    if (exported.includes(written))
      return { message: `\`${written}\` is not imported: import { ${written} } from 'longhand/tensor'.` };
    return { message: `There is no \`${written}\` here.` };
  }
  return undefined;
}

const functionFor: Readonly<Record<string, string>> = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div', '**': 'pow' };

/** An operator of numbers between tensors. */
function sayOfOperator(code: number, node: ts.Node): Said | undefined {
  if (![2362, 2363, 2365].includes(code)) return undefined;
  const expression = ts.isBinaryExpression(node) ? node : node.parent;
  if (!ts.isBinaryExpression(expression)) return undefined;
  const operator = expression.operatorToken.getText();
  const name = functionFor[operator.replace(/=$/, '')];
  if (name === undefined) return undefined;
  const method = operator.endsWith('=') ? `${name}_` : name;
  const message = `\`${operator}\` is for numbers only. For tensors it is \`.${method}(…)\`.`;
  return { from: expression.getStart(), to: expression.end, message };
}

/** The smallest node with just this extent, and the outermost of those. */
function nodeAt(source: ts.SourceFile, from: number, to: number): ts.Node | undefined {
  let found: ts.Node | undefined;
  const look = (node: ts.Node): void => {
    if (found !== undefined || node.getStart(source) > from || node.end < to) return;
    if (node.getStart(source) === from && node.end === to) found = node;
    else ts.forEachChild(node, look);
  };
  ts.forEachChild(source, look);
  return found;
}
