/**
 * The moment, in seconds since 1970, that everything in a test release was made at: 2025-01-01T00:00:00Z.
 * Files, packages, images and signatures then come out the same each time; it lies in the past of every host's clock.
 */
export const RELEASE_TIME = 1_735_689_600;
