// Stands for a driver that never answers.
setTimeout(() => undefined, 1e6);
