/**
 * What the listener of HTTP knows of a connection.
 * @module
 */

export interface Connection {
  /** The address of the one who asks. */
  readonly peer: string;
  /** Whether what is said can be read by nobody on the way, because TLS carries it. */
  readonly isSecure: boolean;
  /**
   * Settled when the answer has been sent or the one who asked is gone. The body of an answer is
   * not always told that, so what it holds is let go by this.
   */
  readonly ended?: Promise<void>;
}
