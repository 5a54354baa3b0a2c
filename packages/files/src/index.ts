// Public interface of @hovernet/files.
export {};
