import type { OpenCalls } from '../../remote/open-calls.ts';
import type { ServerAnswer, ServerCall } from '../../remote/server-call.ts';
import type { Windows } from './windows.ts';

/** Carries calls to the parent, and tells which window the victim is in meanwhile. */
export function watchedCalls(calls: OpenCalls, windows: Windows): (call: ServerCall) => Promise<ServerAnswer> {
  return async (call) => {
    const window = call.call === 'send' ? 'sending' : 'asking the server';
    windows.enter(window);
    const answered = calls.ask(call);
    await windows.gate(window);
    const answer = await answered;
    if (call.call === 'send' && !('failed' in answer)) await windows.gate('sent → forgotten');
    return answer;
  };
}
