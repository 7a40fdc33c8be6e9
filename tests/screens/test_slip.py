from screens.slip import Slip


def test_a() -> None:
    assert Slip().empty
