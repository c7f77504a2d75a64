// End-to-end tests: a whole cloud of this checkout, started by its own command line.
export {};
