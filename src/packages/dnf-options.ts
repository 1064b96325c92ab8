/** Has dnf end when another transaction is under way. Otherwise it waits without an end, also for a process that was given the number of a dead one. */
export const EXIT_ON_LOCK = '--setopt=exit_on_lock=True';
