import { readOwnAuthenticators } from '@proofline/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useApi } from '../../shell/api-context.tsx';
import type { ConsoleApi } from '../../api/console-api.ts';

/** A step of a change, once at a time: a double press makes no second ceremony. */
export function useOwnStep<Input, Output>(
  step: (api: ConsoleApi, input: Input) => Promise<Output>,
  onDone: (output: Output) => void,
) {
  const api = useApi();
  const queries = useQueryClient();
  const isUnderWay = useRef(false);
  const mutation = useMutation<Output, Error, Input>({
    mutationFn: (input) => step(api, input),
    onSuccess: onDone,
    onSettled: () => {
      isUnderWay.current = false;
      // A refusal stands in the history as well.
      void queries.invalidateQueries({ queryKey: [readOwnAuthenticators.id] });
    },
  });
  return {
    error: mutation.error,
    isPending: mutation.isPending,
    reset: mutation.reset,
    run(input: Input) {
      if (isUnderWay.current) return;
      isUnderWay.current = true;
      mutation.mutate(input);
    },
  };
}
