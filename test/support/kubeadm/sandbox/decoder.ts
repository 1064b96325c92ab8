import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Turns the body of a request (protobuf or JSON) into a value. */
export type Decode = (body: Buffer, contentType: string) => Promise<unknown>;

/** Starts the decoding program, which ends with the sandbox. */
export function startDecoder(program: string): Decode {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  child.once('exit', (code) => {
    throw new Error(`${program} ended with ${code}: kubeadm sent what it cannot decode`);
  });
  return async (body, contentType) => {
    if (body.length === 0) return undefined;
    if (!contentType.includes('protobuf')) return JSON.parse(body.toString());
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    child.stdin.write(Buffer.concat([length, body]));
    return JSON.parse(await new Promise<string>((resolve) => waiting.push(resolve)));
  };
}
