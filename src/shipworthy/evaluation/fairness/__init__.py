"""Whether groups of people are treated alike: rates with intervals, disparities, proxies, what answers hang on."""
