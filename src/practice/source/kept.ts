import type { Transformed } from '../protocol.ts';
import type { Module } from './modules.ts';
import { namesIn } from './scopes.ts';
import { bare, childrenOf, isFunction, lineOf, type Node } from './tree.ts';

/** The methods of arrays, maps and sets that change them. */
const changing = /^(push|pop|shift|unshift|splice|fill|set|delete|clear)$/;

/**
 * Where a function first writes to a variable of its file, which outlives the call: `calls += 1`, `state.calls++`,
 * `seen.push(x)`. What such a program does may depend on how often it was called.
 */
export function findKept(modules: readonly Module[]): Transformed['kept'] {
  for (const module of modules) {
    const kept = keptIn(module.tree, module, false);
    if (kept !== undefined) return { name: kept.name, file: module.file, line: lineOf(kept) };
  }
  return undefined;
}

function keptIn(node: Node, module: Module, within: boolean): Node | undefined {
  if (within) {
    const kept = writtenBy(node).find(name => {
      const binding = module.scopes.references.get(name);
      return binding?.ofModule && binding.kind !== 'import';
    });
    if (kept !== undefined) return kept;
  }
  for (const child of childrenOf(node)) {
    const kept = keptIn(child, module, within || isFunction(node));
    if (kept !== undefined) return kept;
  }
  return undefined;
}

/** The identifiers at the root of what a node writes to. */
function writtenBy(node: Node): Node[] {
  switch (node.type) {
    case 'AssignmentExpression':
      return node.left.type === 'MemberExpression' ? rootOf(node.left) : namesIn(bare(node.left));
    case 'UpdateExpression':
      return rootOf(node.argument);
    case 'CallExpression': {
      const callee = bare(node.callee);
      const isChange = callee.type === 'MemberExpression' && !callee.computed && changing.test(callee.property.name);
      return isChange ? rootOf(callee.object) : [];
    }
    default:
      return [];
  }
}

/** `state` of `state.calls[0]`. */
function rootOf(node: Node): Node[] {
  const inner = bare(node);
  if (inner.type === 'MemberExpression') return rootOf(inner.object);
  return inner.type === 'Identifier' ? [inner] : [];
}
