/** A value that is there already, or will be. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Whether the value is still to come. */
export function isPromise<Value>(value: MaybePromise<Value>): value is Promise<Value> {
  return (
    value instanceof Promise || typeof (value as { then?: unknown } | null)?.then === 'function'
  );
}

/** Goes on with a value, at once where it is there: signing in this process stays synchronous. */
export function mapMaybe<Value, Result>(
  value: MaybePromise<Value>,
  then: (value: Value) => Result,
): MaybePromise<Result> {
  return isPromise(value) ? value.then(then) : then(value);
}
