"""The law in public: calculators that anybody may use, and the law's own numbers with their sources."""
