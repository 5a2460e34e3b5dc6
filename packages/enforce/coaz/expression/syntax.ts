/** Binary signs, tightest last; those of one line bind alike. */
export const binarySigns = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+'],
] as const;

/** One of {@link binarySigns}. */
export type BinarySign = (typeof binarySigns)[number][number];

/**
 * The part of the Common Expression Language that is read: constants, lists, members (also `.?` and
 * `[?…]`), conditions, comparisons, `in`, `+` of texts, and the functions of {@link functions}.
 */
export type Expression =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | {
      readonly kind: 'member';
      readonly of: Expression;
      readonly key: Expression;
      readonly isOptional: boolean;
    }
  | { readonly kind: 'not'; readonly of: Expression }
  | {
      readonly kind: 'binary';
      readonly sign: BinarySign;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'condition';
      readonly test: Expression;
      readonly ifTrue: Expression;
      readonly ifFalse: Expression;
    }
  | {
      readonly kind: 'call';
      readonly name: FunctionName;
      /** What stands before the point, for a function that is called on something. */
      readonly on: Expression | undefined;
      readonly args: readonly Expression[];
    };

/** Functions, with how many arguments they take besides what they are called on. */
export const functions = {
  size: { on: 'maybe', args: 0 },
  string: { on: 'no', args: 1 },
  has: { on: 'no', args: 1 },
  startsWith: { on: 'yes', args: 1 },
  endsWith: { on: 'yes', args: 1 },
  contains: { on: 'yes', args: 1 },
  orValue: { on: 'yes', args: 1 },
  hasValue: { on: 'yes', args: 0 },
  exists: { on: 'yes', args: 2 },
  all: { on: 'yes', args: 2 },
} as const satisfies Record<string, { readonly on: 'yes' | 'no' | 'maybe'; readonly args: number }>;

/** One of {@link functions}. */
export type FunctionName = keyof typeof functions;
