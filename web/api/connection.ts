/**
 * What the listener of HTTP knows of a connection.
 * @module
 */

export interface Connection {
  /** The address of the one who asks. */
  readonly peer: string;
}
