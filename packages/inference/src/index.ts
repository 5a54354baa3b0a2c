// Public interface of @hovernet/inference.
export {};
