/** A JSON object, as the API takes and gives it. */
export type Json = { [key: string]: unknown };
