import { MetalK8sError } from '../errors/metalk8s-error.ts';

type Works = readonly ((stop: AbortSignal) => Promise<unknown>)[];

type Results<Given extends Works> = { [Index in keyof Given]: Awaited<ReturnType<Given[Index]>> };

/**
 * Does several things at once. When one fails the others are asked to stop, and it throws the first failure when all of them have ended: nothing
 * works on behind the back of an error.
 */
export async function together<const Given extends Works>(stop: AbortSignal, works: Given): Promise<Results<Given>> {
  const others = new AbortController();
  const either = AbortSignal.any([stop, others.signal]);
  let first: { readonly error: unknown } | undefined;
  const ended = await Promise.all(
    works.map(async (work) => {
      try {
        return await work(either);
      } catch (error) {
        first ??= { error };
        others.abort(new MetalK8sError('INTERRUPTED', 'another part failed', { cause: error }));
        return undefined;
      }
    }),
  );
  if (first !== undefined) throw first.error;
  return ended as Results<Given>;
}
