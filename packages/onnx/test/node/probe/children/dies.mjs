// Stands for a library that ends the process.
process.stderr.write('terminate called after throwing an instance of std::bad_alloc\n', () => process.abort());
