"""What a process uses, from the kernel of this machine."""

from shipworthy.gateways.hardware import Watched, cards


def test_a_short_block_has_its_last_sample() -> None:
    """
    Even what ends before the first second has one sample, with processor and memory.
    """
    with Watched() as watched:
        sum(range(200_000))

    (sample,) = watched.samples
    assert sample.values["system/process_memory_megabytes"] > 10
    assert sample.values["system/process_cores_used"] >= 0


def test_many_samples_are_thinned() -> None:
    """
    A long training keeps at most 600 samples, its whole length, in order.
    """
    watched = Watched()
    for _ in range(1500):
        watched._take()

    assert len(watched.samples) <= 600
    assert [one.at for one in watched.samples] == sorted(one.at for one in watched.samples)


def test_what_a_card_cannot_tell_is_left_out() -> None:
    """
    Several cards are told apart; a figure that is not supported is no zero.
    """
    said = "0, 87, 1024, 4096, 120.5\n1, [N/A], 10, 100, [N/A]\n"

    assert cards(said) == {
        "system/gpu_0_utilization_percentage": 87.0, "system/gpu_0_memory_usage_megabytes": 1024.0,
        "system/gpu_0_memory_usage_percentage": 25.0, "system/gpu_0_power_usage_watts": 120.5,
        "system/gpu_1_memory_usage_megabytes": 10.0, "system/gpu_1_memory_usage_percentage": 10.0,
    }  # fmt: skip
    assert cards("") == {}
