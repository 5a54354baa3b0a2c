// Public interface of @hovernet/training.
export {};
