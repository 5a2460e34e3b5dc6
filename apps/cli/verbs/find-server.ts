/** What of the server a command may use. */
interface ServerRooms {
  '@proofline/server/doctor': {
    examine(environment: Environment): Promise<Finding[]>;
  };
  '@proofline/server/fsck': {
    checkStoredLog(
      environment: Environment,
      onProgress: (what: string, checked: number, size: number) => void,
    ): Promise<{ readonly size: number; readonly faults: readonly string[] }>;
  };
  '@proofline/server/move': {
    moveDatabase(
      environment: Environment,
      options: {
        readonly to: string;
        readonly toOwner?: string;
        say(line: string): void;
      },
    ): Promise<void>;
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** One thing that the doctor has looked at. */
export interface Finding {
  readonly name: string;
  readonly isWell: boolean;
  readonly text: string;
}

/** What a command says that works beside a server only. */
export const NO_SERVER =
  'There is no Proofline server beside this command line. Run it where the server is installed.';

/** A room of the server beside this command line: only in an installation, never in the bundle. */
export async function findServer<Name extends keyof ServerRooms>(
  name: Name,
): Promise<ServerRooms[Name] | undefined> {
  try {
    // Named by a variable, so that the bundler leaves it where it is. The type is the server's own.
    return (await import(name)) as ServerRooms[Name];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
      return undefined;
    throw error;
  }
}
